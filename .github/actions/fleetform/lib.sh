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

# The key is sent where the settings say, and git, asked for the state, gets this job's token.
with_keys() {
  if [[ -z ${FLEETFORM_API_URL-} ]]; then
    refuse "the variable FLEETFORM_API_URL must name the API that the key belongs to: set it"
  fi
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="credential.$GITHUB_SERVER_URL.helper"
  # shellcheck disable=SC2016
  export GIT_CONFIG_VALUE_0='!f() { printf "username=x-access-token\npassword=%s\n" "$STATE_TOKEN"; }; f'
}

without_keys() { env -u FLEETFORM_TOKEN -u STATE_TOKEN -u GH_TOKEN "$@"; }

digest_of() { node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).digest' "$1"; }

# `true` where no plan could be made.
failed_in() { if [[ -f $1 ]]; then node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).failed' "$1"; fi; }

# What our bot has written under a pull request or an issue: of each, the id and the first line.
ours='.user.login == "github-actions[bot]" and .user.type == "Bot"'

# comment PULL BEGINNING FILE: writes a comment, or the one of ours that begins so once more.
comment() {
  local comments="repos/$GITHUB_REPOSITORY/issues/$1/comments" found id
  export BEGINNING=$2
  found=$(gh api "$comments" --paginate --jq ".[] | select($ours and (.body | startswith(env.BEGINNING))) | .id")
  id=${found%%$'\n'*}
  if [[ -n $id ]]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$3" --silent
  else
    gh api --method POST "$comments" --field "body=@$3" --silent
  fi
}

# The end of a log as Markdown: in a fence that is longer than any in it.
log_block() {
  local fence='```' text
  text=$(tail -n 40 "$1" | tail -c 8000 | iconv -c -f UTF-8 -t UTF-8 | tr -d '\000-\010\013-\037')
  while [[ $text == *"$fence"* ]]; do fence+='`'; done
  printf '%s\n%s\n%s\n' "$fence" "$text" "$fence"
}
