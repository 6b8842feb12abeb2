#!/usr/bin/env bash
# Builds the distribution without running tests and, at the end, touches the file $1 with the time of
# the start. Says on standard error what it does. Needs JAVA_HOME (find-jdk.bash).
set -euo pipefail

stamp=$1
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
log=$root/.tools/build.log
started=$root/.tools/build.started
touch "$started"

if ! command -v mvn >/dev/null; then
  echo "tracery: Maven is missing; install it (on Debian: apt-get install maven)" >&2
  exit 3
fi

# Turns Maven's output into a line for each module, and one for each 100 files that are fetched.
progress() {
  local line fetched=0
  while IFS= read -r line; do
    if [[ $line =~ ^\[INFO\]\ Building\ (.*)\ [^\ ]+\ +\[([0-9]+/[0-9]+)\]$ ]]; then
      echo "  [${BASH_REMATCH[2]}] ${BASH_REMATCH[1]}" >&2
    elif [[ $line == *"Downloaded from "* ]]; then
      fetched=$((fetched + 1))
      if ((fetched % 100 == 1)); then
        echo "  fetching what the build needs ($fetched)" >&2
      fi
    elif [[ $line == '[ERROR]'* ]]; then
      echo "$line" >&2
    fi
  done
}

echo "tracery: building (the first time this takes a few minutes)" >&2
cd "$root"
if ! mvn -B -DskipTests -Dspotless.check.skip=true -pl registry-server/launcher -am package 2>&1 |
  tee "$log" | progress; then
  echo "tracery: the build failed; the whole output is in $log" >&2
  exit 3
fi
touch -r "$started" "$stamp"
echo "tracery: built" >&2
