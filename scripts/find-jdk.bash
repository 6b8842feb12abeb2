# shellcheck shell=bash
# Sourced: sets JAVA_HOME to a JDK 25 or later, or says what to install and exits with status 3.
# Looks at JAVA_HOME, then at the java on the PATH, then at the usual places. Starts no JVM.

# The major version of the JDK in directory $1; nothing if there is none.
jdk_major() {
  local line
  [[ -x $1/bin/javac && -r $1/release ]] || return 0
  while IFS= read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      printf '%s' "${BASH_REMATCH[1]}"
      return 0
    fi
  done <"$1/release"
}

find_jdk() {
  local candidates=() candidate major newest='' newest_major=0 on_path
  if [[ -n ${JAVA_HOME:-} ]]; then
    candidates+=("$JAVA_HOME")
  fi
  if on_path=$(command -v java); then
    on_path=$(readlink -f "$on_path")
    candidates+=("${on_path%/bin/java}")
  fi
  candidates+=(/usr/lib/jvm/* /opt/* /opt/*/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*
    "${HOME:-/nonexistent}"/.jdks/* /usr/local/* /usr/local/lib/jvm/*)
  for candidate in "${candidates[@]}"; do
    major=$(jdk_major "$candidate")
    if [[ $major == 25 ]]; then
      export JAVA_HOME=$candidate
      return 0
    fi
    if [[ -n $major && $major -gt 25 && $major -gt $newest_major ]]; then
      newest=$candidate newest_major=$major
    fi
  done
  if [[ -n $newest ]]; then
    export JAVA_HOME=$newest
    return 0
  fi
  echo "tracery: no JDK 25 found; install one (Temurin 25, or on Debian: apt-get install openjdk-25-jdk) or set JAVA_HOME to it" >&2
  exit 3
}

find_jdk
