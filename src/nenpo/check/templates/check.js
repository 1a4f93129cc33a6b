"use strict";
// Without this script a page of the report shows both pictures side by side, and no controls.
for (const page of document.querySelectorAll(".page[data-view]")) {
  const tools = page.querySelector(".tools");
  const show = () => {
    page.dataset.view = tools.querySelector("[type=radio]:checked").value;
    for (const slider of tools.querySelectorAll("[type=range]")) {
      const share = `${slider.value}%`;
      page.style.setProperty(`--${slider.dataset.sets}`, share);
      slider.setAttribute("aria-valuetext", share);
    }
  };
  tools.addEventListener("input", show);
  tools.hidden = false;
  // A browser may have kept what was chosen before the page was loaded again.
  show();
}
