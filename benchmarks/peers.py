"""What the peers need: an environment without the user's own settings, and a browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ROOT = Path(__file__).parents[1]


def make_environment(folder: Path) -> dict[str, str]:
    """Return the environment of every side: no user site, empty settings, the browser if any."""
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NENPO_ROOT": str(ROOT),
        "PYTHONNOUSERSITE": "1",
    }
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        own[name] = str(folder / name.lower())
        Path(own[name]).mkdir()
    if browser := find_browser():
        own["PLAYWRIGHT_BROWSERS_PATH"] = str(folder / "browsers")
        link_browser(browser, os.environ | own)
    return os.environ | own


def find_browser() -> str | None:
    """Return the machine's Chromium."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def describe_browser() -> str:
    """Return the browser's name and version, "" if there is none."""
    browser = find_browser()
    asked = [str(browser), "--version"]
    return subprocess.check_output(asked, text=True).strip() if browser else ""


def link_browser(browser: str, environment: dict[str, str]) -> None:
    """Put the browser where playwright looks for a build of its own."""
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    asked = [sys.executable, "-c", code]
    told = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    wanted = Path(told.stdout.strip())
    # Headless, playwright looks for a build of its own beside the full browser.
    shell = Path(str(wanted).replace("chromium-", "chromium_headless_shell-")).parent
    folders = ("chrome-linux", "chrome-linux64", "chrome-headless-shell-linux64")
    names = ("headless_shell", "chrome-headless-shell")
    places = [wanted, *(shell.parent / folder / name for folder in folders for name in names)]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(browser)
