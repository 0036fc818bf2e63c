/**
 * The library: the same engine that the command line drives, for those who embed it.
 *
 * `plan` is pure: desired state, recorded state and observation in, plan out. `apply` does the whole of it, from
 * lock to unlock. What they work with is made by `loadDesired`, `createClient` over a transport, `observe` and
 * `localBackend`, or `openState` for any backend.
 */
export { createClient } from './api/client.ts';
export { ApiError, TransportError } from './api/errors.ts';
export { createHttpTransport } from './api/http.ts';
export type { ApiRequest, ApiResponse, BeforeSend, FleetApi, Transport } from './api/port.ts';
export { type ApplyResult, apply } from './apply/apply.ts';
export { InterruptedError, StalePlanError } from './apply/errors.ts';
export { type FollowInput, type FollowResult, followBatches } from './apply/follow.ts';
export type { ApplyInput } from './apply/input.ts';
export { loadDesired } from './desired/load.ts';
export type { ApplyCounts, ApplyEvent } from './model/apply-events.ts';
export type { Desired, DesiredBatch, DesiredBlock, Limits, Targets } from './model/desired.ts';
export { type Diagnostic, DiagnosticsError, FleetformError } from './model/errors.ts';
export type { Observation, ObservedBatch, Task, Template } from './model/observed.ts';
export type { Change, Drift, Move, Plan, PlanScope, PlanSummary } from './model/plan.ts';
export { hasChanges, hasErrors } from './model/plan-summary.ts';
export { planDigest, planToJson } from './model/plan-text.ts';
export type { Intent, Spec, State, StateEntry } from './model/state.ts';
export { type ObserveInput, observe } from './observe/observe.ts';
export { type PlanInput, type PlanOptions, plan } from './plan/plan.ts';
export { parsePlan } from './plan/plan-json.ts';
export { timelineOf } from './plan/review/timeline.ts';
export { type PageView, renderPlanPage, renderStatusPage } from './render/html/page.ts';
export { type MarkdownView, renderMarkdown } from './render/markdown/comment.ts';
export { renderPlan } from './render/plan.ts';
export {
  LockedError,
  type LockHolder,
  type StateBackend,
  type StateLock,
  type WriteProof,
} from './state/backend.ts';
export { localBackend } from './state/backends/local.ts';
export { openState, type StatePlace } from './state/open.ts';
export { version } from './version.ts';
