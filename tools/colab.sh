#!/usr/bin/env bash
# All lessons under the versions that Colab has; what they train there is graded here.
#
#   tools/colab.sh VERSION PYTHON [FILE]      e.g. tools/colab.sh 3.13 /usr/bin/python3.13 results.json
#
# VERSION names tools/colab-VERSION.txt; PYTHON makes the environment .venv-colab-VERSION at the first run and when the
# file has changed; FILE receives what was found. `make colab` runs it for each version. Needs .venv for the notebooks.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1 python=$2 file=${3:-}
pins=tools/colab-$version.txt
environment=.venv-colab-$version

if ! "$python" -c 'import venv' 2>/dev/null; then
    echo "Expected a Python $version with venv. Received: $python. Say which one: make colab PYTHON_${version/./_}=PATH" >&2
    exit 2
fi
if [ ! -f "$environment/ready" ] || [ "$pins" -nt "$environment/ready" ]; then
    "$python" -m venv --clear "$environment"
    "$environment/bin/python" -m pip install --quiet --requirement "$pins"
    touch "$environment/ready"
fi

notebooks=$(mktemp -d) trained=$(mktemp -d)
trap 'rm -rf "$notebooks" "$trained"' EXIT
.venv/bin/python tools/solved_notebooks.py "$notebooks"
"$environment/bin/python" -m pip install --quiet --force-reinstall --no-deps "$notebooks"/vitlab-*.whl
export TF_CPP_MIN_LOG_LEVEL=3 PYDEVD_DISABLE_FILE_VALIDATION=1
PYTHONPATH=. "$environment/bin/python" tools/try_lessons.py "$notebooks" --keep "$trained" ${file:+--json "$file"}
.venv/bin/python tools/grade_there.py "$trained"
