# shellcheck shell=bash
# What the scripts have in common: the environments and their places, the key's API, the state's token, comments.
# Invariant: an environment's name is a plain relative path, so it may stand in a command, a path and Markdown.
export LC_ALL=C
branch=${FLEETFORM_BRANCH:-main}
workflow=${GITHUB_WORKFLOW_REF-}
workflow=${workflow%@*}
workflow=${workflow#"${GITHUB_REPOSITORY-}/"}

refuse() {
  local text=${1//[$'\r\n']/ }
  echo "::error::$text"
  exit 1
}

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

[[ $branch =~ ^[A-Za-z0-9_][A-Za-z0-9._/-]*$ ]] || refuse "this is not the name of a branch: see FLEETFORM_BRANCH"

environments=()
while IFS= read -r line; do
  read -r line <<<"$line"
  if [[ -z $line ]]; then continue; fi
  line=${line%/}
  if [[ $line != . && ! $line =~ ^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$ ]]; then
    refuse "FLEETFORM_ENVIRONMENTS has folders or files of this repository, one a line, such as envs/live: letters, digits, . _ and -"
  fi
  for other in "${environments[@]}"; do
    if [[ $other == "$line" ]]; then refuse "FLEETFORM_ENVIRONMENTS names $line twice"; fi
  done
  environments+=("$line")
done <<<"${FLEETFORM_ENVIRONMENTS:-.}"
if ((${#environments[@]} == 0)); then environments=(.); fi

# Sets `files` to what names the environment's files for fleetform: a dot is what it finds itself.
files_of() {
  files=()
  if [[ $1 != . ]]; then files=(-f "$1"); fi
}

# Where the plan and the reports of an environment are.
place_of() { if [[ $1 == . ]]; then echo plan; else echo "plan/$1"; fi; }

# With several environments, which one this is.
begin() { if ((${#environments[@]} > 1)); then echo "== $1"; fi; }

# The runner that cancels a job signals this process alone: SIGINT, 7.5 s later SIGTERM, 2.5 s later the whole tree is killed.
# fleetform gets the first, and then finishes and records what is in flight. A second one would end it at once, so there is none;
# and what comes after the first begins nothing.
child='' signals=0 has_begun=''
stop() {
  if [[ -z $has_begun ]]; then exit 130; fi
  signals=$((signals + 1))
  if [[ -n $child ]] && ((signals == 1)); then kill -TERM "$child" || true; fi
}
trap stop INT TERM HUP

# The exit code of a child, however often a signal ends the waiting for it.
await() {
  local code=0 before again
  while :; do
    before=$signals again=0
    wait "$1" || again=$?
    # 127: it was told already, right before a signal.
    if ((again != 127)); then code=$again; fi
    if ((signals == before)); then return "$code"; fi
  done
}

# In a group of its own, so that it gets no signal but ours.
fleetform() {
  local code=0 before=$signals
  if ((signals > 0)); then return 130; fi
  has_begun=yes
  set -m
  command fleetform "$@" </dev/null &
  child=$!
  set +m
  # Right between the two.
  if ((signals > before)); then kill -TERM "$child" || true; fi
  await "$child" || code=$?
  child=
  # Ended before it could listen.
  if ((signals > 0 && code > 128)); then code=130; fi
  return "$code"
}

# logged FILE COMMAND…: what the command prints is in the file, too. The copier outlives a signal.
logged() {
  local log=$1 code=0 out copier
  shift
  exec {out}> >(trap '' INT TERM HUP && exec tee "$log")
  copier=$!
  "$@" >&"$out" 2>&1 || code=$?
  exec {out}>&-
  await "$copier" || true
  return "$code"
}

# The key is sent where the settings say, and git, asked for the state, gets this job's token. What is told of a commit is
# told of what is checked out: a schedule's checkout is newer than its event, a pull request's is no trial merge.
with_keys() {
  GITHUB_SHA=$(git rev-parse HEAD)
  export GITHUB_SHA
  if [[ -z ${FLEETFORM_API_URL-} ]]; then
    refuse "the variable FLEETFORM_API_URL must name the API that the key belongs to: set it"
  fi
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="credential.$GITHUB_SERVER_URL.helper"
  # shellcheck disable=SC2016
  export GIT_CONFIG_VALUE_0='!f() { printf "username=x-access-token\npassword=%s\n" "$STATE_TOKEN"; }; f'
}

without_keys() { env -u FLEETFORM_TOKEN -u STATE_TOKEN -u GH_TOKEN "$@"; }

# in_plan FIELD FILE: what a saved plan says; nothing, if it has no such field, or there is no plan. `failed` is true where no
# plan could be made, which has no `digest`.
in_plan() {
  if [[ ! -f $2 ]]; then return 0; fi
  node -p 'JSON.parse(fs.readFileSync(process.argv[2], "utf8"))[process.argv[1]] ?? ""' "$1" "$2"
}

# What our bot has written under a pull request or an issue: of each, the id and the first line.
ours='.user.login == "github-actions[bot]" and .user.type == "Bot"'

# comments_of PULL FILTER: of our comments those that a filter of jq picks by $lines, a JSON document each.
comments_of() {
  gh api "repos/$GITHUB_REPOSITORY/issues/$1/comments" --paginate --jq ".[] | select($ours)
    | (.body | gsub(\"\\r\"; \"\") | split(\"\\n\")) as \$lines | select($2) | {id, lines: \$lines}"
}

# comment PULL ID FILE: writes a comment, or the one of that id once more.
comment() {
  if [[ -n $2 ]]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$2" --field "body=@$3" --silent
  else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$1/comments" --field "body=@$3" --silent
  fi
}

# The end of a log as Markdown: in a fence that is longer than any in it.
log_block() {
  local fence='```' text
  text=$(tail -n 40 "$1" | tail -c 8000 | iconv -c -f UTF-8 -t UTF-8 | tr -d '\000-\010\013-\037')
  while [[ $text == *"$fence"* ]]; do fence+='`'; done
  printf '%s\n%s\n%s\n' "$fence" "$text" "$fence"
}
