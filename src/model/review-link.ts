/** Where a plan is reviewed and made: pages of the forge. What the environment says of them is read by `cli/`. */
export interface ReviewLink {
  /** `pull request 12`, `commit 0a55f61`, `run`: untrusted, as all words are. */
  readonly text: string;
  /** `https:` or `http:`, without a password. */
  readonly url: string;
}
