#!/usr/bin/env bash
# Runs the check once: annotations or plain lines in the log, a summary, a SARIF report if one is wanted. Hands on the exit
# code without failing; what fails the job is an error among the annotations, or said as one.
#
# In: LONEKEY (the program), INPUT_* (the action's inputs), BASE_SHA and BEFORE_SHA (what the event says that a pull request
# and a push began with), GITHUB_EVENT_NAME, GITHUB_SHA, GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RUNNER_TEMP.
# Runs nothing of the workspace, and follows no link in it: what a pull request says that a path is, is not what the
# workflow named. Reports are written to a folder of this run, so that one which lay in the checkout is never taken for one.
# Of what the program prints, the formats `github` and `concise` escape what the checked files say; standard error is
# printed where the runner takes nothing for a command.
set -euo pipefail

summary() { cat >>"$GITHUB_STEP_SUMMARY"; }

error() { # error TEXT: what fails the job
  local text=${1//%/%25}
  text=${text//$'\r'/ }
  echo "::error title=lonekey::${text//$'\n'/%0A}"
}

outputs() { # outputs EXIT_CODE CERTAIN POSSIBLE LATENT [SARIF]
  local delimiter
  delimiter=lonekey_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  {
    printf 'exit-code=%s\ncertain=%s\npossible=%s\nlatent=%s\nfindings=%s\n' "$1" "$2" "$3" "$4" "$(($2 + $3 + $4))"
    printf 'sarif-file<<%s\n%s\n%s\n' "$delimiter" "${5-}" "$delimiter"
  } >>"$GITHUB_OUTPUT"
}

refuse() { # refuse TEXT: nothing was checked
  error "$1"
  # Longer than any run of backticks that a path would have in it.
  local fence='``````````````'
  printf '### lonekey: nothing was checked\n\n%s\n%s\n%s\n' "$fence" "${1//$fence/}" "$fence" | summary
  outputs 2 0 0 0
  exit 0
}

inside() { # whether the path $1 lies in the checkout, as written
  [[ $1/ == "$workspace"/* || $1/ == "$resolved"/* ]]
}

linked() { # whether a part of the path $1 that lies in the checkout is a link
  local path=$1 above
  while [[ $path != / ]]; do
    above=$(dirname -- "$path")
    # Where it lies, however the path leads there.
    if [[ -L $path ]] && inside "$(cd -P -- "$above" && pwd -P)"; then
      return 0
    fi
    path=$above
  done
  return 1
}

clean() { # the absolute path $1 without . and .., which may stand behind what is not there yet
  local part path=
  while IFS= read -r -d / part; do
    case $part in
      "" | .) ;;
      ..) path=${path%/*} ;;
      *) path+=/$part ;;
    esac
  done <<<"$1/"
  printf '%s\n' "${path:-/}"
}

lines() { # the non-empty lines of $1, into the array `list`
  list=()
  local line
  while IFS= read -r line; do
    line=${line%$'\r'}
    [[ -z ${line//[[:space:]]/} ]] || list+=("$line")
  done <<<"$1"
}

in_git() { # in_git ARGUMENT…: git where the first path lies, which reads objects and starts nothing
  # A folder of the checkout that is laid out as a bare repository is none: what it says of the base is the pull request's.
  local at=${paths[0]:-.}
  [[ -d $at ]] || at=$(dirname -- "$at")
  GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=none GIT_OPTIONAL_LOCKS=0 \
    git -C "$at" -c safe.bareRepository=explicit -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@" 2>/dev/null
}

begun() { # the revision that what is judged began with; nothing where the event has none
  if [[ -z $BASE_SHA ]]; then
    [[ $INPUT_NEW_ONLY != true ]] || echo "$BEFORE_SHA"
  elif [[ $GITHUB_EVENT_NAME == pull_request && $(in_git rev-parse HEAD) == "$GITHUB_SHA" ]]; then
    # GitHub's merge commit: its first parent is what it was made on, and the event may name an older state of the branch.
    echo "$GITHUB_SHA^1"
  else
    in_git merge-base "$BASE_SHA" HEAD || echo "$BASE_SHA"
  fi
}

unset CDPATH
workspace=${GITHUB_WORKSPACE:-$PWD}
resolved=$(cd -- "$workspace" && pwd -P)
folder=$INPUT_WORKING_DIRECTORY
[[ $folder == /* ]] || folder=$PWD/$folder
cd -P -- "$folder" || refuse "working-directory cannot be entered"
if inside "$folder" && ! inside "$PWD"; then
  refuse "working-directory is a link that leads out of the checkout"
fi

sarif=$INPUT_SARIF_FILE
if [[ -n $sarif ]]; then
  [[ $sarif == /* ]] || sarif=$PWD/$sarif
  sarif=$(clean "$sarif")
  ! linked "$sarif" || refuse "sarif-file leads through a link in the checkout"
  [[ ! -d $sarif ]] || refuse "sarif-file is a folder"
fi

case $INPUT_ANNOTATIONS in
  true) format=github ;;
  false) format=concise ;;
  # Code scanning annotates what is uploaded.
  "") if [[ -z $sarif ]]; then format=github; else format=concise; fi ;;
  *) refuse "annotations is neither true nor false" ;;
esac

reports=$(mktemp -d "$RUNNER_TEMP/lonekey.XXXXXX")
arguments=(check --format "$format" --color never --output "json=$reports/json" --output "markdown=$reports/markdown")
[[ -z $sarif ]] || arguments+=(--output "github-sarif=$reports/sarif")
[[ -z $INPUT_FAIL_ON ]] || arguments+=(--fail-on "$INPUT_FAIL_ON")
[[ -z $INPUT_SHOW ]] || arguments+=(--show "$INPUT_SHOW")
lines "$INPUT_SCENARIOS"
for scenario in ${list[@]+"${list[@]}"}; do arguments+=("--scenario=$scenario"); done
lines "$INPUT_ARGS"
arguments+=(${list[@]+"${list[@]}"})
told= # whether the arguments say what is known
for argument in ${list[@]+"${list[@]}"}; do
  case $argument in --new-since* | --baseline*) told=yes ;; esac
done
lines "$INPUT_PATHS"
paths=(${list[@]+"${list[@]}"})

case $INPUT_NEW_ONLY in
  auto | true) since=$([[ -n $told ]] || begun) ;;
  false) since= ;;
  *) refuse "new-only is none of auto, true and false" ;;
esac
if [[ $INPUT_NEW_ONLY == true && -z $told ]]; then
  [[ -n $since ]] || refuse "new-only: a $GITHUB_EVENT_NAME event does not say what is new to it; name a revision in args (--new-since=REV)"
  if [[ -z ${since//0/} ]]; then
    echo "this push made the branch: all of it is new"
    since=
  fi
elif [[ -n $since ]] && ! in_git cat-file -e "$since^{tree}"; then
  echo "::warning title=lonekey::all findings are reported, not only those that are new: what the pull request began with is not in this clone. actions/checkout brings it with \`fetch-depth: 0\`; \`new-only: false\` is for a job that wants all"
  since=
fi
[[ -z $since ]] || arguments+=("--new-since=$since")

code=0
"$LONEKEY" "${arguments[@]}" -- ${paths[@]+"${paths[@]}"} 2>"$reports/said" || code=$?
said=$(<"$reports/said")
[[ -s $reports/markdown ]] || refuse "${said:-lonekey ended with exit code $code and without a report}"
if [[ -n $said ]]; then
  token=lonekey_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n%s\n::%s::\n' "$token" "$said" "$token"
fi

# The counts by level stand in the report's summary, which alone is indented so.
certain=0 possible=0 latent=0
while IFS= read -r line; do
  if [[ $line =~ \"(certain|possible|latent)\":\ ([0-9]+) ]]; then
    printf -v "${BASH_REMATCH[1]}" %s "${BASH_REMATCH[2]}"
  fi
done < <(grep -E '^    "(certain|possible|latent)": [0-9]+,?$' "$reports/json")

# The runner refuses a summary above 1 MiB as a whole.
if [[ $(wc -c <"$reports/markdown") -lt 1000000 ]]; then
  summary <"$reports/markdown"
else
  { head -n 3 "$reports/markdown" && printf '\nThe table is too long for a summary.\n'; } | summary
fi

[[ -s $reports/sarif ]] || sarif=
if [[ -n $sarif ]]; then
  mkdir -p -- "$(dirname -- "$sarif")"
  mv -f -- "$reports/sarif" "$sarif"
  sarif=$(cd -- "$(dirname -- "$sarif")" && pwd -P)/$(basename -- "$sarif")
fi

if [[ $format != github ]]; then
  case $code in
    0) ;;
    1) error "IAM users get two active access keys: $certain certain, $possible possible, $latent latent" ;;
    *) error "the answer is incomplete: $certain certain, $possible possible, $latent latent" ;;
  esac
fi
outputs "$code" "$certain" "$possible" "$latent" "$sarif"
