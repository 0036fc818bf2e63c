/**
 * The library: the same engine that the command line drives, for those who embed it.
 *
 * `plan` is pure: desired state, recorded state and observation in, plan out. `apply` does the whole of it, from
 * lock to unlock. What they work with is made by `loadDesired` (or `loadDesiredText`, `loadDesiredObject`),
 * `createClient` over a transport (HTTP, or the sandbox), `observe`, and a backend for the state: `localBackend`,
 * `openState` as a file says, or `cellBackend` over any storage.
 *
 * Invariant: every type that one of these names is exported, too (`test/index.test.ts`).
 */

// The API: transport → client.
export type { NameOptions } from './api/agents.ts';
export { type ClientOptions, createClient } from './api/client.ts';
export type { ClockReading } from './api/clock.ts';
export type { StartTimer } from './api/deadline.ts';
export { ApiError, type PropertyError, TransportError } from './api/errors.ts';
export { createHttpTransport, type HttpTransport, type HttpTransportOptions } from './api/http.ts';
export type { IsAnswering } from './api/names.ts';
export type { ApiRequest, ApiResponse, BeforeSend, FleetApi, Method, Transport } from './api/port.ts';
export type { Sleep } from './api/waiting.ts';
// Doing it.
export { type ApplyResult, apply } from './apply/apply.ts';
export type { ApplyOutcome } from './apply/apply-plan.ts';
export { InterruptedError, StalePlanError } from './apply/errors.ts';
export {
  type Failure,
  type FollowInput,
  type FollowResult,
  followBatches,
  type OpenBatch,
} from './apply/follow.ts';
export type { ApplyInput } from './apply/input.ts';
export { type LoadOptions, loadDesired } from './desired/load.ts';
// What is asked for: files, text or an object → `Desired`.
export { type GivenOptions, loadDesiredObject, loadDesiredText } from './desired/load-given.ts';
// What is recorded, and where.
export type { HeldLock } from './lock/lock.ts';
export type { LockFiles } from './lock/lock-files.ts';
export type { LockOptions } from './lock/place.ts';
export type { UnlockWords } from './lock/unlock-words.ts';
export type { ApplyCounts, ApplyEvent } from './model/apply-events.ts';
// What is there.
export type { BatchPhase, TaskCounts } from './model/batch-phase.ts';
// Showing it.
export type { CalendarVerdict } from './model/calendar.ts';
export type { ClientEvent, Tried } from './model/client-events.ts';
export type {
  BackendKind,
  Desired,
  DesiredBatch,
  DesiredBlock,
  DesiredFreeze,
  DesiredSettings,
  HttpStateSettings,
  Label,
  Limits,
  MovedAddress,
  Param,
  StateSettings,
  Targets,
  When,
} from './model/desired.ts';
export type { Env } from './model/env.ts';
// What is wrong, and where.
export {
  type Diagnostic,
  DiagnosticsError,
  FleetformError,
  type SourcePlace,
  type SourceRange,
} from './model/errors.ts';
export type { Id } from './model/ids.ts';
export type { LockInspection } from './model/lock-holder.ts';
export type {
  Batch,
  Fleet,
  Home,
  Instance,
  Inventory,
  Listed,
  Observation,
  ObservedBatch,
  ServerHistory,
  Task,
  TaskPhase,
  Template,
} from './model/observed.ts';
// What is to be done.
export type {
  Action,
  AdoptChange,
  CancelChange,
  Cancelling,
  Change,
  ChangeBase,
  ClaimedCancel,
  CreateChange,
  Drift,
  Existing,
  ForgetChange,
  Making,
  MissedChange,
  Move,
  NoOpChange,
  OwnedCancel,
  PauseChange,
  Plan,
  PlannedSchedule,
  PlanScope,
  PlanSummary,
  ReplaceChange,
  SkippedOccurrence,
  UnmanagedBatch,
} from './model/plan.ts';
export { hasChanges, hasErrors } from './model/plan-summary.ts';
export { planDigest, planToJson } from './model/plan-text.ts';
export type { Redact } from './model/redactor.ts';
export type { ReviewLink } from './model/review-link.ts';
export type {
  Freeze,
  FreezeScope,
  FreezeTime,
  FreezeWindow,
  Recurrence,
  Schedule,
} from './model/schedule.ts';
export type {
  FormerBatch,
  Intent,
  KnownSight,
  PastRun,
  ScheduleMark,
  Spec,
  Stamp,
  State,
  StateEntry,
} from './model/state.ts';
export type { Status, StatusFailure, StatusRow } from './model/status.ts';
export type { TemplateRef } from './model/template-ref.ts';
export type { Timeline, TimelineItem, TimelineKind, TimelineLane } from './model/timeline.ts';
export { type ObserveInput, observe } from './observe/observe.ts';
export type { PlanAbout, PlanInput, PlanOptions, Reviewed } from './plan/input.ts';
export { plan } from './plan/plan.ts';
export { parsePlan } from './plan/plan-json.ts';
export type { Staleness } from './plan/review/compare.ts';
export { type TimelineInput, timelineOf } from './plan/review/timeline.ts';
export { type PageView, renderPlanPage, renderStatusPage } from './render/html/page.ts';
export { type MarkdownView, renderMarkdown } from './render/markdown/comment.ts';
export { type PlanView, renderPlan } from './render/plan.ts';
export type { Room } from './render/table.ts';
// A sandbox to test against.
export { createSandbox, type SandboxTestOptions, type TestSandbox } from './sandbox/memory.ts';
export {
  DEMO_WORLD as demoWorld,
  type SandboxServer,
  type SandboxTemplate,
  type World as SandboxWorld,
} from './sandbox/world.ts';
export {
  type Addition,
  LockedError,
  type LockHolder,
  type LockList,
  type NamedLock,
  type Sibling,
  type StateBackend,
  type StateHistory,
  type StateLock,
  type StateSiblings,
  type StateVersion,
  type WriteProof,
} from './state/backend.ts';
export { type CellOptions, cellBackend } from './state/backends/cell.ts';
export type { StateCell } from './state/backends/cell-change.ts';
export { localBackend } from './state/backends/local.ts';
export type { Edit, NotedFields } from './state/edits.ts';
export { openState, type StatePlace } from './state/open.ts';
export type { Pace } from './state/pace.ts';
export { version } from './version.ts';
