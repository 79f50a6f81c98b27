# Sourced by script/test: the programs that tests need beside Python.

# need PACKAGE PROGRAM…: whether one of the programs is here, installed now where that may be.
need() {
    package=$1
    shift
    has_one "$@" && return
    install_package "$package"
    has_one "$@" && return
    echo "$0: $package is not installed; WHAT NEEDS IT IS SKIPPED" >&2
    if [ "${CI:-}" = true ]; then
        echo "$0: with CI=true nothing may be missing" >&2
        exit 1
    fi
    return 1
}

has_one() {
    for program in "$@"; do
        for found in $program; do  # a pattern becomes the files that match it
            case $found in
                /*) [ -e "$found" ] && return ;;
                *) command -v "$found" >/dev/null 2>&1 && return ;;
            esac
        done
    done
    return 1
}

install_package() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    echo "Installing $1" >&2
    export DEBIAN_FRONTEND=noninteractive
    [ -n "${updated:-}" ] || apt-get update -q >/dev/null || true
    updated=yes
    # RUNLEVEL=1: the tests start servers of their own, the package's are to stay off.
    RUNLEVEL=1 apt-get install -q -y --no-install-recommends "$1" >/dev/null || true
}
