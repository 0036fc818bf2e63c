# shellcheck shell=bash
# A queue merges what it has put together itself. That has to be what was planned, so it is: one up-to-date branch.
prefix=refs/heads/gh-readonly-queue/$branch/pr-
[[ $QUEUED == "$prefix"* && ${QUEUED#"$prefix"} =~ ^([0-9]+)-[0-9a-f]{40}$ ]] ||
  refuse "this merge queue's name does not name a pull request"
head=$(gh api "repos/$GITHUB_REPOSITORY/pulls/${BASH_REMATCH[1]}" --jq .head.sha)
if ! git cat-file -e "$head^{commit}" || ! git merge-base --is-ancestor "$QUEUED_ON" "$head" ||
  ! git diff --quiet "$head" HEAD; then
  refuse "the queue would merge something other than what was planned: update the branch, wait for its plan, and queue it alone"
fi
