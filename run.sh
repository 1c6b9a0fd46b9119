#!/bin/sh
# Starts Expertgrid from its checkout: finds a JDK, builds when the sources are newer than the last build, runs the command.
set -u
unset CDPATH

oldest_jdk=17
java_home=
java_feature=
# where modules are built, and with what; the peers of the benchmarks have a place of their own
target=target
profiles=

script=$0
while [ -h "$script" ]; do
    link=$(readlink "$script")
    case $link in
        /*) script=$link ;;
        *) script=$(dirname "$script")/$link ;;
    esac
done
home=$(cd "$(dirname "$script")" && pwd -P) || exit 3

say() {
    printf '%s\n' "$*" >&2
}

refuse() {
    say "$*"
    exit 2
}

# ---------------------------------------------------------------------------------------------------------------- JDKs

# Sets feature to 17 for a JDK 17.0.15; to 0 where there is no JDK that could be asked. Starts no JVM: there may be many.
read_feature() {
    feature=0
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            JAVA_VERSION=*)
                feature=${line#JAVA_VERSION=}
                feature=${feature#\"}
                feature=${feature%%[!0-9]*}
                ;;
        esac
    done <"$1/release"
    feature=${feature:-0}
}

# The home that the java on PATH belongs to; nothing where there is none.
java_home_on_path() {
    java=$(command -v java) || return 0
    while [ -h "$java" ]; do
        link=$(readlink "$java")
        case $link in
            /*) java=$link ;;
            *) java=$(dirname "$java")/$link ;;
        esac
    done
    dirname "$(dirname "$java")"
}

# Calls "$1" with every folder that may hold a JDK, the preferred of equals first.
each_java_home() {
    if [ -n "${EXPERTGRID_JAVA_HOME:-}" ]; then
        "$1" "$EXPERTGRID_JAVA_HOME"
        return
    fi
    [ -z "${JAVA_HOME:-}" ] || "$1" "$JAVA_HOME"
    on_path=$(java_home_on_path)
    [ -z "$on_path" ] || "$1" "$on_path"
    for candidate in \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        [ ! -d "$candidate" ] || "$1" "$candidate"
    done
}

take_if_newer() {
    read_feature "$1"
    [ "$feature" -ge "$oldest_jdk" ] || return 0
    if [ "$compiler_needed" = yes ] && [ ! -x "$1/bin/javac" ]; then
        without_compiler=$1
        return
    fi
    if [ -z "$java_home" ] || [ "$feature" -gt "$java_feature" ]; then
        java_home=$1
        java_feature=$feature
    fi
}

take_if_another_and_older() {
    read_feature "$1"
    [ "$feature" -ge "$oldest_jdk" ] && [ "$feature" -ne "$java_feature" ] || return 0
    if [ -z "$other_home" ] || [ "$feature" -lt "$other_feature" ]; then
        other_home=$1
        other_feature=$feature
    fi
}

# find_java yes: one with a compiler; find_java no: one that can run what is built. What was found first stays.
find_java() {
    compiler_needed=$1
    without_compiler=
    [ -z "$java_home" ] || return 0
    each_java_home take_if_newer
    [ -z "$java_home" ] || return 0

    what="Expertgrid needs a JDK, version $oldest_jdk or newer"
    [ -z "$without_compiler" ] || what="$what, to build itself (the Java in $without_compiler has no compiler)"
    if [ -n "${EXPERTGRID_JAVA_HOME:-}" ]; then
        refuse "$what, and EXPERTGRID_JAVA_HOME names $EXPERTGRID_JAVA_HOME, which is none: correct or unset it."
    fi
    refuse "$what, and found none in JAVA_HOME (${JAVA_HOME:-not set}), beside the java on PATH ($(command -v java ||
        echo none)), in /usr/lib/jvm or the other usual places: install one, for example from https://adoptium.net," \
        "or set EXPERTGRID_JAVA_HOME to the folder of one."
}

# --------------------------------------------------------------------------------------------------------------- Maven

# Runs Maven on the chosen JDK, in the checkout.
maven() (
    cd "$home" || exit 1
    JAVA_HOME=$java_home
    export JAVA_HOME
    if [ "$java_feature" -ge 24 ]; then
        # Maven's own libraries would be warned of at each start
        MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
        export MAVEN_OPTS
    fi
    if command -v mvn >/dev/null; then
        exec mvn -B -ntp "$@"
    fi
    exec ./mvnw -B -ntp "$@"
)

# Of what Maven prints, the modules and the errors, up to the advice on Maven itself that follows them.
show_progress() {
    advice=no
    while IFS= read -r line; do
        case $line in
            "[INFO] Building jar: "*) ;;
            "[INFO] Building "*) say "  ${line#\[INFO\] Building }" ;;
            *" -> [Help "*)
                say "${line%% -> \[Help *}"
                advice=yes
                ;;
            "[ERROR]"*) [ "$advice" = yes ] || say "$line" ;;
        esac
    done
}

# Builds without tests and checks, shows progress only; its status is Maven's, not the filter's.
quiet_maven() {
    quiet_status=$({ { maven -Dfast "$@" 2>&1 && echo 0 >&3 || echo 1 >&3; } | show_progress; } 3>&1)
    [ "$quiet_status" -eq 0 ]
}

# Prints the first source that is newer than the build of module $1, if there is one.
newer_source() {
    stamp=$home/modules/$1/$target/distribution/built
    if [ ! -f "$stamp" ]; then
        echo "$stamp"
        return
    fi
    set -- "$home/pom.xml"
    for source in "$home"/modules/*/pom.xml "$home"/modules/*/src/main "$home"/modules/benchmarks/src/peers; do
        case $source in
            "$home"/modules/benchmarks/*) [ "$module" = benchmarks ] || continue ;;
        esac
        set -- "$@" "$source"
    done
    # -newer sees a removed file too, by its folder
    find "$@" -newer "$stamp" -print | head -n 1
}

# One process builds at a time. A link, because it is made with its text in one step: nobody can see a lock without
# its holder. A lock whose holder has died is cleared by one process, and only if it is still that holder's.
lock_build() {
    mkdir -p "$home/.expertgrid" || exit 3
    lock=$home/.expertgrid/build.lock
    told=no
    until ln -s "$$" "$lock" 2>/dev/null; do
        holder=$(readlink "$lock") || continue
        if ! kill -0 "$holder" 2>/dev/null && [ ! -d "/proc/$holder" ]; then
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

# Builds module $1 and what it needs, if a source is newer; fails after Maven's errors.
build() {
    module=$1
    # the tests run this script while Maven is at work: what they start was built before
    [ -z "${EXPERTGRID_BUILT:-}" ] || return 0
    [ -n "$(newer_source "$module")" ] || return 0
    find_java yes
    lock_build
    build_locked "$module" || exit 3
    archive_classes "$module"
    unlock_build
}

build_locked() {
    module=$1
    distribution=$home/modules/$module/$target/distribution
    [ -n "$(newer_source "$module")" ] || return 0
    say "Building Expertgrid with JDK $java_feature ($java_home), since sources are newer than the last build:"
    # Removed, not overwritten: members of a running cluster keep the jars that they have open.
    rm -rf "$distribution"
    mkdir -p "$distribution" || return 1
    : >"$distribution/building"
    if ! quiet_maven $profiles package; then
        say "The build failed: see the errors above."
        return 1
    fi
    # the time of the beginning, so that a source changed meanwhile counts as newer
    mv "$distribution/building" "$distribution/built"
}

build_locked_benchmarks() (
    [ -f "$home/modules/benchmarks/pom.xml" ] || exit 0
    profiles=-Pbenchmarks
    build_locked benchmarks
)

# --------------------------------------------------------------------------------------------------------------- start

# Becomes the JVM that runs, on the jars of module $1, what follows: options, a main class and its arguments.
become_java() {
    distribution=$home/modules/$1/$target/distribution
    shift
    set -- "-Dexpertgrid.home=$home" "-Djava.util.logging.config.file=$home/config/logging.properties" \
        -cp "$distribution/lib/*" "$@"
    [ "$java_feature" -lt 24 ] || set -- "@$home/config/jvm-24.options" "$@"
    exec "$java_home/bin/java" "@$home/config/jvm.options" "$@"
}

# Prints where the chosen JDK's archive of module $1's classes is.
archive_of() {
    echo "$home/modules/$1/$target/distribution/classes-$java_feature.jsa"
}

# Has a JVM load what those of module $1 load when they start, and write it down as the JDK has it in memory: with that,
# each start takes a third less work. Nothing depends on it: a JVM that cannot use the archive starts without.
archive_classes() {
    archive=$(archive_of "$1")
    [ ! -f "$archive" ] || return 0
    if (become_java "$1" -Xlog:disable "-XX:ArchiveClassesAtExit=$archive.begun" org.expertgrid.cli.Main \
        forward --embedded --members 2 --batch 3 --input-dim 8 --hidden-dim 8 --output-dim 8 --experts 2 --ranks 2 \
        </dev/null >/dev/null 2>&1) && [ -f "$archive.begun" ]; then
        mv "$archive.begun" "$archive"
    else
        rm -f "$archive.begun"
    fi
}

# Sets the command line of main class $2 in module $1, followed by the rest.
start() {
    module=$1
    shift
    build "$module"
    find_java no
    archive=$(archive_of "$module")
    # what is wrong with an archive is nobody's concern but the JVM's
    [ ! -f "$archive" ] || set -- "-XX:SharedArchiveFile=$archive" "-Xlog:cds*=off" "$@"
    set -f
    # shellcheck disable=SC2086 # several options in one variable
    set -- ${EXPERTGRID_JAVA_OPTS:-} "$@"
    set +f
    become_java "$module" "$@"
}

start_benchmarks() {
    [ -f "$home/modules/benchmarks/pom.xml" ] || refuse "'$*' comes with modules/benchmarks, which is not in this checkout."
    profiles=-Pbenchmarks
    # large libraries, fetched only for who names them
    case " $* " in
        *djl* | *onnxruntime*)
            profiles=-Pbenchmarks,peers
            target=target/peers
            ;;
    esac
    start benchmarks org.expertgrid.benchmarks.Main "$@"
}

help_of_test() {
    cat <<END
Usage: run.sh test [--quick]
All tests and checks, on the newest JDK and the oldest that there are. The last line counts what passed, failed and was skipped.
      --quick   Without the slow tests and the checks, on the newest JDK: a minute or two.

Exit codes: 0 all passed; 1 something failed; 2 bad usage.
END
}

help_of_install() {
    cat <<END
Usage: run.sh install
Put the jars, their sources and Javadoc into the local Maven repository, and say what a pom.xml needs.

Exit codes: 0 done; 2 bad usage; 3 it failed while it ran.
END
}

help() {
    (start cli org.expertgrid.cli.Main --help) || exit
    cat <<END

Of run.sh itself:
  bench        kernels | layer | cluster: side by side, with ratios
  chaos        Faults under load, every result checked
  test         All tests and checks, on every JDK needed (--quick: a minute or two)
  install      The jars, sources and Javadoc into the local Maven repository

It starts the newest JDK it finds, from $oldest_jdk up. EXPERTGRID_JAVA_HOME names another; EXPERTGRID_JAVA_OPTS adds JVM options.
END
}

# ---------------------------------------------------------------------------------------------------------------- test

# Reads Surefire's reports in the folders $1 of all modules: a line for each test that failed or was skipped, then the
# counts.
summarise() {
    find "$home"/modules/*/target/"$1" -name 'TEST-*.xml' -exec cat {} + 2>/dev/null | awk '
        function attribute(name,    text) {
            if (!match($0, " " name "=\"[^\"]*\"")) return ""
            text = substr($0, RSTART, RLENGTH)
            sub("^[^\"]*\"", "", text)
            sub("\"$", "", text)
            gsub("&lt;", "<", text); gsub("&gt;", ">", text); gsub("&quot;", "\"", text); gsub("&#10;", " ", text)
            gsub("&apos;", "\047", text); gsub("&amp;", "\\&", text)
            return text
        }
        /^<testsuite / {
            failed += attribute("errors") + attribute("failures"); skipped += attribute("skipped"); all += attribute("tests")
        }
        /^ *<testcase / { test = attribute("classname") "." attribute("name") }
        /^ *<(failure|error)[ >]/ { print "failed: " test ": " substr(attribute("message"), 1, 300) }
        /^ *<skipped/ { print "skipped: " test ": " (attribute("message") == "" ? "no reason given" : attribute("message")) }
        END { printf "%d %d %d\n", all - failed - skipped, failed, skipped }'
}

# Runs the tests with Maven's arguments "$@", reports in folders named for the JDK $1 in version $2, and counts.
run_tests() {
    test_home=$1
    reports=surefire-reports-$2
    shift 2
    rm -rf "$home"/modules/*/target/"$reports"
    # what the tests start through run.sh must run on the JDK under test
    (
        EXPERTGRID_JAVA_HOME=$test_home
        EXPERTGRID_BUILT=yes
        export EXPERTGRID_JAVA_HOME EXPERTGRID_BUILT
        maven -Dtest.reports="$reports" -Dmaven.test.failure.ignore=true "$@"
    )
    maven_status=$?
    summary=$(summarise "$reports")
    counts=${summary##*"
"}
    run_passed=${counts%% *}
    run_skipped=${counts##* }
    run_failed=${counts#* }
    run_failed=${run_failed%% *}
    broken=
    if [ "$maven_status" -ne 0 ]; then
        broken="Maven failed, see above"
    else
        for tests in "$home"/modules/*/src/test/java; do
            [ -d "$tests" ] || continue
            ran=$(find "${tests%/src/test/java}/target/$reports" -name 'TEST-*.xml' 2>/dev/null | head -n 1)
            [ -n "$ran" ] || broken="no test of ${tests%/src/test/java} ran"
        done
    fi
    if [ -n "$broken" ]; then
        # whoever reads only the last line must see it
        run_failed=$((run_failed + 1))
        broken=" ($broken: counted as one failure)"
    fi
    remarks="$remarks$(printf '%s\n' "$summary" |
        sed -n -e "s/^skipped: /skipped on JDK $tested_feature: /p" -e "s/^failed: /failed on JDK $tested_feature: /p")
"
    lines="${lines}JDK $tested_feature: $run_passed passed, $run_failed failed, $run_skipped skipped$broken
"
    passed=$((passed + run_passed))
    failed=$((failed + run_failed))
    skipped=$((skipped + run_skipped))
}

run_test() {
    quick=no
    for argument in "$@"; do
        case $argument in
            --quick) quick=yes ;;
            *) refuse "Unknown argument of test: '$argument' (expected: nothing, or --quick)." ;;
        esac
    done
    find_java yes
    other_home=
    other_feature=
    [ "$quick" = yes ] || each_java_home take_if_another_and_older
    # held until the last test is done, so that nobody builds under the tests
    lock_build
    # the tests start both
    if ! build_locked cli || { [ "$quick" = no ] && ! build_locked_benchmarks; }; then
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
    archive_classes cli

    remarks=
    lines=
    passed=0
    failed=0
    skipped=0
    tested_feature=$java_feature
    if [ "$quick" = yes ]; then
        say "Testing on JDK $java_feature ($java_home), without the slow tests and the checks"
        run_tests "$java_home" "$java_feature" -Dspotless.check.skip=true -Djacoco.skip=true -Denforcer.skip=true \
            -DexcludedGroups=slow package
    else
        say "Testing on JDK $java_feature ($java_home)"
        run_tests "$java_home" "$java_feature" verify
        if [ -n "$other_home" ] && [ "$maven_status" -eq 0 ]; then
            say "Testing the same classes on JDK $other_feature ($other_home)"
            tested_feature=$other_feature
            (
                java_home=$other_home
                java_feature=$other_feature
                archive_classes cli
            )
            # to the same phase: in an earlier one, modules see folders instead of jars, and are compiled anew
            run_tests "$other_home" "$other_feature" -Djvm="$other_home/bin/java" -Dspotless.check.skip=true \
                -Djacoco.skip=true -Denforcer.skip=true package
        fi
    fi
    echo
    printf '%s' "$remarks" | sed '/^$/d'
    printf '%s' "$lines"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# ------------------------------------------------------------------------------------------------------------- install

run_install() {
    [ $# -eq 0 ] || refuse "install takes no argument, not '$1'."
    find_java yes
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

# In braces and with an exit, so that the shell has read it all: run.sh may be replaced while it runs.
{
    case ${1:-help} in
        help | -h | --help)
            case ${2:-} in
                "") help ;;
                bench | chaos) start_benchmarks help "$2" ;;
                test | install) "help_of_$2" ;;
                *) start cli org.expertgrid.cli.Main "$@" ;;
            esac
            ;;
        test | install)
            command=$1
            shift
            case ${1:-} in
                -h | --help) "help_of_$command" ;;
                *) "run_$command" "$@" ;;
            esac
            ;;
        bench | chaos) start_benchmarks "$@" ;;
        *) start cli org.expertgrid.cli.Main "$@" ;;
    esac
    exit $?
}
