#!/usr/bin/env bash
# One command of the action, by its name.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=lib.sh
source "$here/lib.sh"
case $DO in
  plan | comment | queue | reviewed | apply | result | apply-all | drift | issue | by-hand)
    # shellcheck source=/dev/null
    source "$here/$DO.sh"
    ;;
  *) refuse "command is one of those that action.yml lists" ;;
esac
