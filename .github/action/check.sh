#!/usr/bin/env bash
# Runs the check, annotates, writes the SARIF report and the job summary, and hands on the exit code without failing.
#
# In: LONEKEY (the program), INPUT_* (the action's inputs), GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RUNNER_TEMP.
# Runs nothing of the workspace, and follows no link in it: what a pull request says that a path is, is not what the
# workflow named. (Python would load modules from the folder that it is started in.)
# Every line that the program prints comes from the formats `github` and `sarif`, which escape what the checked files
# say; `pretty` goes to the summary alone, since the runner would take a line of it that begins with `::` for a command.
set -euo pipefail

refuse() { # refuse INPUT REASON
  echo "::error title=lonekey::$1 $2"
  printf 'exit-code=2\nfindings=0\n' >>"$GITHUB_OUTPUT"
  exit 0
}

inside() { # whether the path $1 lies in the checkout, as written
  [[ $1/ == "$workspace"/* || $1/ == "$resolved"/* ]]
}

linked() { # whether a part of the path $1 that lies in the checkout is a link
  local path=$1
  while inside "$path"; do
    [[ ! -L $path ]] || return 0
    path=$(dirname -- "$path")
  done
  return 1
}

unset CDPATH
workspace=${GITHUB_WORKSPACE:-$PWD}
resolved=$(cd -- "$workspace" && pwd -P)
folder=$INPUT_WORKING_DIRECTORY
[[ $folder == /* ]] || folder=$PWD/$folder
cd -P -- "$folder"
if inside "$folder" && ! inside "$PWD"; then
  refuse working-directory "is a link that leads out of the checkout"
fi

sarif=${INPUT_SARIF_FILE:-$RUNNER_TEMP/lonekey.sarif}
[[ $sarif == /* ]] || sarif=$PWD/$sarif
! linked "$sarif" || refuse sarif-file "leads through a link in the checkout"

lines() { # the non-empty lines of $1, into the array `list`
  list=()
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [[ -z ${line//[[:space:]]/} ]] || list+=("$line")
  done <<<"$1"
}

lines "$INPUT_ARGS"
arguments=(check ${INPUT_FAIL_ON:+--fail-on "$INPUT_FAIL_ON"} ${list[@]+"${list[@]}"})
lines "$INPUT_PATHS"
paths=(${list[@]+"${list[@]}"})

run() { # run FORMAT: the report on stdout
  "$LONEKEY" "${arguments[@]}" --format "$1" --color never -- ${paths[@]+"${paths[@]}"}
}

exit_code=0
run github || exit_code=$?

mkdir -p -- "$(dirname -- "$sarif")"
run github-sarif >"$sarif" || true

# The counts by level stand in the summary, which alone is indented so.
findings=0
while IFS= read -r line; do
  if [[ $line =~ ^\ {4}\"(certain|possible|latent)\":\ ([0-9]+),?$ ]]; then
    findings=$((findings + BASH_REMATCH[2]))
  fi
done < <(run json || true)

# The runner refuses a summary above 1 MiB as a whole.
report=$RUNNER_TEMP/lonekey.txt
run pretty >"$report" 2>&1 || true
{
  echo "### lonekey: $findings user(s) with more than one active access key"
  echo
  # Longer than any run of backticks that a file's path or a name would have in it.
  fence='``````````````'
  echo "$fence"
  head -c 500000 "$report" | iconv -c -f utf-8 -t utf-8 | sed "s/$fence/ /g"
  echo
  echo "$fence"
  if [[ $(wc -c <"$report") -gt 500000 ]]; then
    echo
    echo "The report is cut here; the SARIF file holds all of it."
  fi
} >>"$GITHUB_STEP_SUMMARY"

delimiter=lonekey_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
{
  printf 'sarif-file<<%s\n%s\n%s\n' "$delimiter" "$(cd -- "$(dirname -- "$sarif")" && pwd -P)/$(basename -- "$sarif")" "$delimiter"
  echo "exit-code=$exit_code"
  echo "findings=$findings"
} >>"$GITHUB_OUTPUT"
