# Sourced by script/serve and script/test, from the repository's root.

# make_venv FILE…: install what the files pin into .venv, unless that was done already.
make_venv() {
    .venv/bin/python -c '' 2>/dev/null || new_venv
    for file in "$@"; do
        cmp -s "$file" ".venv/installed-$file" && continue
        echo "Installing what $file pins" >&2
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$file"
        cp "$file" ".venv/installed-$file"  # written last, so that what was cut off is done again
    done
}

new_venv() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        "$python" -m venv --clear .venv && return
        echo "$0: $python cannot make .venv; on Debian install python3-venv" >&2
        exit 1
    done
    echo "$0: Python 3.11 or newer is needed" >&2
    exit 1
}
