#!/bin/sh
# Install the project from this bundle into a new folder, without a network: sh install.sh FOLDER
set -eu

fail() {
    echo "Error: $1" >&2
    exit 1
}

[ $# -eq 1 ] || fail "write the name of a new folder: sh install.sh FOLDER"
[ ! -e "$1" ] || fail "$1 is there already; choose a new folder, or delete $1"
case $1 in
/*) target=$1 ;;
*) target=$PWD/$1 ;;
esac
cd "$(dirname "$0")"
bundle=$PWD
for command in git sha256sum; do
    command -v $command >/dev/null || fail "$command is not installed; install it and run again"
done

read -r version system machine <PLATFORM
python=${PYTHON:-python$version}
"$python" -c "import ensurepip, platform, sys
here = '%d.%d' % sys.version_info[:2], platform.system(), platform.machine()
sys.exit(here != ('$version', '$system', '$machine'))" 2>/dev/null ||
    fail "this bundle needs Python $version with its module venv on $system, $machine, but $python is different; set PYTHON to its path, or make the bundle on such a machine"

echo "Checking every file against SHA256SUMS"
sha256sum --check --quiet --strict SHA256SUMS >&2 || fail "these files are not what SHA256SUMS lists; copy the bundle again"
[ "$(find . ! -type d | wc -l)" -eq "$(($(wc -l <SHA256SUMS) + 1))" ] ||
    fail "$bundle has files that SHA256SUMS does not list; copy the bundle again into an empty folder"

done=
trap '[ -n "$done" ] || rm -rf "$target"' EXIT
trap 'exit 1' HUP INT TERM
echo "Installing into $target, which takes minutes"
git clone --quiet project.bundle "$target"
git -C "$target" remote remove origin
cp -R models "$target/"
"$python" -m venv "$target/.venv"
# pip's own settings on this machine are ignored, so that pip does not use a package index.
PIP_CONFIG_FILE=/dev/null "$target/.venv/bin/python" -m pip --isolated install --quiet --disable-pip-version-check \
    --no-deps --require-hashes --no-index --find-links wheels -r wheels.lock
touch "$target/.venv/installed"
done=yes
echo "The project is in $target; INSTALL.md says how to go on."
