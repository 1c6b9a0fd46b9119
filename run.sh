#!/bin/sh
# Starts Expertgrid from its checkout: finds a JDK, builds if a source is newer than the last build, runs the command.
set -u
unset CDPATH

oldest_jdk=17
java_home=
java_feature=

home=$(dirname "$(realpath "$0")") || exit 3

say() {
    printf '%s\n' "$*" >&2
}

refuse() {
    say "$*"
    exit 2
}

# ---------------------------------------------------------------------------------------------------------------- JDKs

# Prints the folders that may hold a JDK, preferred folders first.
java_homes() {
    if [ -n "${EXPERTGRID_JAVA_HOME:-}" ]; then
        echo "$EXPERTGRID_JAVA_HOME"
        return
    fi
    [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
    java=$(command -v java) && dirname "$(dirname "$(realpath "$java")")"
    for candidate in \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        echo "$candidate"
    done
}

# Prints "17 /path" for each JDK that has program $1. Reads their release files, because starting each JVM would take long.
jdks() {
    java_homes | while IFS= read -r candidate; do
        [ -x "$candidate/bin/$1" ] && [ -r "$candidate/release" ] || continue
        feature=$(sed -n 's/^JAVA_VERSION="*\([0-9]*\).*/\1/p' "$candidate/release")
        [ "${feature:-0}" -lt "$oldest_jdk" ] || echo "$feature $candidate"
    done
}

# Chooses the newest JDK that has program $1: javac to build, java to run. A JDK that was chosen before stays.
find_java() {
    [ -z "$java_home" ] || return 0
    newest=$(jdks "$1" | awk '$1 > feature { feature = $1; line = $0 } END { print line }')
    java_feature=${newest%% *}
    java_home=${newest#* }
    [ -z "$java_home" ] || return 0
    what="Expertgrid needs a JDK with bin/$1, version $oldest_jdk or newer"
    [ -z "${EXPERTGRID_JAVA_HOME:-}" ] ||
        refuse "$what, and EXPERTGRID_JAVA_HOME names $EXPERTGRID_JAVA_HOME, which has none: correct or unset it."
    refuse "$what, and found none in JAVA_HOME (${JAVA_HOME:-not set}), beside the java on PATH ($(command -v java ||
        echo none)), in /usr/lib/jvm or the other usual places: install one, for example from https://adoptium.net," \
        "or set EXPERTGRID_JAVA_HOME to the folder of one."
}

# --------------------------------------------------------------------------------------------------------------- build

# Prints where the jars of module $1 are built. The peers of the benchmarks have a folder of their own.
distribution() {
    echo "$home/modules/$1/target${peers:+/peers}/distribution"
}

# Returns whether a source that module $1 is built from is newer than its build.
is_outdated() {
    stamp=$(distribution "$1")/built
    [ -f "$stamp" ] || return 0
    set -- "$1" "$home/pom.xml"
    for folder in "$home"/modules/*; do
        case ${folder##*/} in
            chaos | benchmarks) [ "${folder##*/}" = "$1" ] || continue ;;
        esac
        for source in "$folder/pom.xml" "$folder"/src/main "$folder"/src/peers; do
            [ ! -e "$source" ] || set -- "$@" "$source"
        done
    done
    shift
    # the time of a folder changes when a file in it is removed
    [ -n "$(find "$@" -newer "$stamp" -print | head -n 1)" ]
}

# --------------------------------------------------------------------------------------------------------------- start

# Becomes a JVM on the jars of module $1, with options, main class and arguments "$@".
become_java() {
    jars=$(distribution "$1")
    shift
    # G1 makes the young generation small while its pauses are long. Arrays of some MB then survive, and copying them makes the pauses long.
    set -- -XX:NewSize=200m -cp "$jars/lib/*" "$@"
    set -- "-Dexpertgrid.home=$home" "-Djava.util.logging.config.file=$home/config/logging.properties" "$@"
    [ "$java_feature" -lt 24 ] || set -- "@$home/config/jvm-24.options" "$@"
    exec "$java_home/bin/java" "@$home/config/jvm.options" "$@"
}

# Starts the program that builds and tests, with arguments "$@", on a JDK that has a compiler.
build_tool() {
    find_java javac
    "$java_home/bin/java" -XX:TieredStopAtLevel=1 "-Dexpertgrid.home=$home" "$home/tools/Build.java" "$@"
}

# Builds module $1 if necessary and becomes its main class with the arguments that follow.
start() {
    module=$1
    shift
    [ -f "$home/modules/$module/pom.xml" ] || refuse "'$*' needs modules/$module, which is not in this checkout."
    # EXPERTGRID_BUILT: a test that starts this script while Maven runs has built before
    if [ -z "${EXPERTGRID_BUILT:-}" ] && is_outdated "$module"; then
        build_tool build "$module" $peers || exit 3
    fi
    find_java java
    set -- "org.expertgrid.$module.Main" "$@"
    archive=$(distribution "$module")/classes-$java_feature.jsa
    [ ! -f "$archive" ] || set -- "-XX:SharedArchiveFile=$archive" "-Xlog:cds*=off" "$@"
    set -f
    # shellcheck disable=SC2086 # several options in one variable
    set -- ${EXPERTGRID_JAVA_OPTS:-} "$@"
    set +f
    become_java "$module" "$@"
}

run_test() {
    scope=
    for argument in "$@"; do
        [ "$argument" = --quick ] || refuse "Unknown argument of test: '$argument' (expected: nothing, or --quick)."
        scope=quick
    done
    outdated=
    for module in cli chaos benchmarks; do
        ! is_outdated "$module" || outdated=$outdated${outdated:+,}$module
    done
    find_java javac
    # the oldest JDK beside the newest one
    [ "$scope" = quick ] || scope=$(jdks java | awk -v newest="$java_feature" '
        $1 != newest && (!feature || $1 < feature) { feature = $1; line = $0 } END { sub(" ", "=", line); print line }')
    build_tool test "$outdated" "$scope"
}

# In braces and with an exit, so that the shell has read all of it: run.sh may be replaced while it runs.
{
    peers=
    # libraries of some 100 MB, fetched only if one of them is named
    case " $* " in
        " bench "*djl* | " bench "*onnxruntime*) peers=peers ;;
    esac
    case "${1:-help} ${2:-}" in
        "help bench") start benchmarks "$@" ;;
        "help chaos") start chaos "$@" ;;
        "test -h" | "test --help" | "install -h" | "install --help") start cli help "$1" ;;
        "test "*)
            shift
            run_test "$@"
            ;;
        "install ") build_tool install ;;
        "install "*) refuse "install takes no argument, not '$2'." ;;
        "bench "*) start benchmarks "$@" ;;
        "chaos "*) start chaos "$@" ;;
        *) start cli "${@:-help}" ;;
    esac
    exit $?
}
