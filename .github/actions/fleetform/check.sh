#!/usr/bin/env bash
# Before anything else: a link or a submodule in our files' place, a state or a report that a branch brings would be taken
# for ours; and a branch that is behind is not planned.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib.sh
source "$here/lib.sh"
rm -rf plan .fleetform
shopt -s nocasematch
git ls-files --stage -z | while IFS= read -r -d '' entry; do
  path=${entry#*$'\t'}
  case "/$path/" in
    */.fleetform/*) refuse "this commit adds a .fleetform, where the state is kept: remove it" ;;
  esac
  case ${entry%% *} in 120000 | 160000) ;; *) continue ;; esac
  link="this commit adds a link or a submodule in the place of one of the pipeline's files: remove it"
  case ${path##*/} in
    fleetform.yaml | fleetform.yml | fleetform.json | plan) refuse "$link" ;;
  esac
  # The environments, what they are in, and what is in them.
  for environment in "${environments[@]}"; do
    case "$path/" in "$environment"/*) refuse "$link" ;; esac
    case "$environment/" in "$path"/*) refuse "$link" ;; esac
  done
done
shopt -u nocasematch
if [[ ${EVENT-} != pull_request ]]; then exit 0; fi
base=$(git merge-base "origin/$branch" HEAD)
output base "$base"
git merge-base --is-ancestor "origin/$branch" HEAD ||
  refuse "this branch is behind $branch, and a plan of it would undo newer commits: update the branch to plan again"
