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

# Runs Maven on the chosen JDK, in the checkout.
maven() (
    cd "$home" || exit 1
    JAVA_HOME=$java_home
    # JDK 24 and newer warn at each start about Maven's own libraries
    [ "$java_feature" -lt 24 ] ||
        MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
    export JAVA_HOME MAVEN_OPTS
    if command -v mvn >/dev/null; then
        exec mvn -B -ntp "$@"
    fi
    exec ./mvnw -B -ntp "$@"
)

# Runs Maven without tests and checks, and shows the modules and the errors alone. Returns Maven's status.
quiet_maven() {
    status=$({ { maven -Dfast "$@" 2>&1 && echo 0 >&3 || echo 1 >&3; } |
        sed -n -e 's/^\[INFO\] Building jar: .*//' -e 's/^\[INFO\] \(Building .*\)/  \1/p' -e 's/ -> \[Help .*//' \
            -e '/^\[ERROR\] \(\[Help\|To see\|Re-run\|For more\|After\|  mvn\| *$\)/d' -e '/^\[ERROR\]/p' >&2; } 3>&1)
    [ "$status" -eq 0 ]
}

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

# Lets one process build at a time. A link is made together with its text, so that a lock always names its holder.
lock_build() {
    mkdir -p "$home/.expertgrid" || exit 3
    lock=$home/.expertgrid/build.lock
    told=no
    until ln -s "$$" "$lock" 2>/dev/null; do
        holder=$(readlink "$lock") || continue
        if ! kill -0 "$holder" 2>/dev/null && [ ! -d "/proc/$holder" ]; then
            # the holder has died: one process removes its lock, and only if it is still the same lock
            if mkdir "$lock.clearing" 2>/dev/null; then
                [ "$(readlink "$lock")" != "$holder" ] || rm -f "$lock"
                rmdir "$lock.clearing"
                continue
            fi
        elif [ "$told" = no ]; then
            say "Waiting for process $holder, which is building (if it is not, remove $lock)."
            told=yes
        fi
        sleep 1
    done
    trap 'rm -f "$lock"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

unlock_build() {
    rm -f "$lock"
    trap - EXIT INT TERM HUP
}

# Builds modules "$@", and those that they use, where a source is newer. The caller holds the lock.
build_locked() {
    outdated=
    for module in "$@"; do
        ! is_outdated "$module" || outdated=$outdated${outdated:+,}modules/$module
    done
    [ -n "$outdated" ] || return 0
    say "Building Expertgrid with JDK $java_feature ($java_home), since sources are newer than the last build:"
    for module in "$@"; do
        # Removed, not overwritten: members of a running cluster keep the jars that they have open.
        rm -rf "$(distribution "$module")"
        mkdir -p "$(distribution "$module")" && : >"$(distribution "$module")/building" || return 1
    done
    if ! quiet_maven "-Pbenchmarks${peers:+,peers}" -pl "$outdated" -am package; then
        say "The build failed: see the errors above."
        return 1
    fi
    for module in "$@"; do
        # the time when the build began, so that a source changed meanwhile counts as newer
        mv "$(distribution "$module")/building" "$(distribution "$module")/built"
        archive_classes "$module"
    done
}

# --------------------------------------------------------------------------------------------------------------- start

# Becomes a JVM on the jars of module $1, with options, main class and arguments "$@".
become_java() {
    jars=$(distribution "$1")
    shift
    set -- "-Dexpertgrid.home=$home" "-Djava.util.logging.config.file=$home/config/logging.properties" -cp "$jars/lib/*" "$@"
    [ "$java_feature" -lt 24 ] || set -- "@$home/config/jvm-24.options" "$@"
    exec "$java_home/bin/java" "@$home/config/jvm.options" "$@"
}

# Writes the classes that members and callers load to an archive, with which each JVM starts with a third less work. A
# run that fails writes none, and a JVM that cannot read the archive starts without it.
archive_classes() {
    archive=$(distribution "$1")/classes-$java_feature.jsa
    [ ! -f "$archive" ] || return 0
    if (become_java "$1" -Xlog:disable "-XX:ArchiveClassesAtExit=$archive.begun" org.expertgrid.cli.Main \
        forward --embedded --members 2 --batch 3 --input-dim 8 --hidden-dim 8 --output-dim 8 --experts 2 --ranks 2 \
        </dev/null >/dev/null 2>&1) && [ -f "$archive.begun" ]; then
        mv "$archive.begun" "$archive"
    else
        rm -f "$archive.begun"
    fi
}

# Builds module $1 if necessary and becomes its main class with the arguments that follow.
start() {
    module=$1
    shift
    [ -f "$home/modules/$module/pom.xml" ] || refuse "'$*' needs modules/$module, which is not in this checkout."
    # EXPERTGRID_BUILT: a test that starts this script while Maven runs has built before
    if [ -z "${EXPERTGRID_BUILT:-}" ] && is_outdated "$module"; then
        find_java javac
        lock_build
        build_locked "$module" || exit 3
        unlock_build
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

start_bench() {
    # libraries of some 100 MB, fetched only if one of them is named
    case " $* " in
        *djl* | *onnxruntime*) peers=yes ;;
    esac
    start benchmarks "$@"
}

# ------------------------------------------------------------------------------------------------------- test, install

# Runs Maven with arguments "$@" on the tests, with the JDK of version $1 in $2, and remembers the run for the summary.
run_tests() {
    tested=$1
    test_home=$2
    shift 2
    (java_feature=$tested && java_home=$test_home && archive_classes cli)
    say "Testing on JDK $tested ($test_home)"
    rm -rf "$home"/modules/*/target/"surefire-reports-$tested"
    EXPERTGRID_JAVA_HOME=$test_home EXPERTGRID_BUILT=yes maven "-Djvm=$test_home/bin/java" \
        "-Dtest.jdk=$tested" -Dmaven.test.failure.ignore=true "$@"
    status=$?
    runs="$runs $tested=$status"
}

run_test() {
    quick=no
    for argument in "$@"; do
        [ "$argument" = --quick ] || refuse "Unknown argument of test: '$argument' (expected: nothing, or --quick)."
        quick=yes
    done
    find_java javac
    # held until the last test has ended, so that no other process builds under the tests
    lock_build
    if ! build_locked cli chaos benchmarks; then
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
    runs=
    if [ "$quick" = yes ]; then
        run_tests "$java_feature" "$java_home" -P 'quick,!checks' package
    else
        run_tests "$java_feature" "$java_home" verify
        second=$(jdks java | awk -v newest="$java_feature" '$1 != newest && (!feature || $1 < feature) { feature = $1; line = $0 }
            END { print line }')
        if [ -n "$second" ] && [ "$status" -eq 0 ]; then
            # to the same phase: in an earlier one, modules see folders instead of jars, and are compiled anew
            run_tests "${second%% *}" "${second#* }" -P 'second-jdk,!checks' package
        fi
    fi
    # shellcheck disable=SC2086 # a run is one word
    "$java_home/bin/java" "$home/tools/TestSummary.java" "$home/modules" $runs
}

run_install() {
    [ $# -eq 0 ] || refuse "install takes no argument, not '$1'."
    find_java javac
    lock_build
    say "Installing Expertgrid into the local Maven repository, with JDK $java_feature ($java_home)"
    if ! quiet_maven -Prelease-jars install; then
        say "The installation failed: see the errors above."
        exit 3
    fi
    unlock_build
    version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' "$home/pom.xml" | head -n 1)
    cat <<END
Installed, with sources and Javadoc. In the pom.xml of your project:

    <dependency>
        <groupId>org.expertgrid</groupId>
        <artifactId>expertgrid-cluster</artifactId>
        <version>$version</version>
    </dependency>

or expertgrid-experts, for the model in one JVM, without Hazelcast.
END
}

# In braces and with an exit, so that the shell has read all of it: run.sh may be replaced while it runs.
{
    peers=
    case "${1:-help} ${2:-}" in
        "help bench") start benchmarks "$@" ;;
        "help chaos") start chaos "$@" ;;
        "test -h" | "test --help" | "install -h" | "install --help") start cli help "$1" ;;
        "test "* | "install "*)
            command=$1
            shift
            "run_$command" "$@"
            ;;
        "bench "*) start_bench "$@" ;;
        "chaos "*) start chaos "$@" ;;
        *) start cli "${@:-help}" ;;
    esac
    exit $?
}
