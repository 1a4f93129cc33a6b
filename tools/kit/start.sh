#!/bin/sh
# Finds a Python that the wheels are for, and has it do the rest.
cd "$(dirname "$0")" || exit 2
check="@CHECK@"
for python in ./python/bin/python3 "python@MAJOR@.@MINOR@" python3 python; do
  if "$python" -c "$check" >/dev/null 2>&1; then
    "$python" tools/start.py @WORD@ "$@"
    code=$?
    break
  fi
done
if [ -z "${code:-}" ]; then
  cat no-python.txt
  code=2
fi
if [ "$code" -ne 0 ] && [ -t 0 ]; then
  printf 'Enter: '
  read -r _
fi
exit "$code"
