/**
 * client: the page's way to the core, whichever tab it runs in.
 *
 * Guarantees: every call ends — with the core's answer or with a failure — also when the tab or worker that ran
 * it dies; a write that was sent again after such a death is applied once; no answer of the core is ever stored.
 *
 *     const client = createClient();                           // one per page; starts the worker, finds the leader
 *     client.connection.state                                  // rune: 'connecting' | 'leader' | 'follower' | 'failed'
 *     client.connection.reason                                 // rune: why 'failed' (`FailedReason`), else null
 *     client.connection.isNetworkAsked                         // rune: the browser asks whether this page may reach devices
 *     const answer = await client.call('library.unlock', { by: 'password', password }, signal);
 *     answer.ok ? answer.value : answer.failure                // the command's own failures, or `CallFailure`:
 *                                                              // CoreFailed | Cancelled | Disconnected
 *     client.onEvent((event: CoreEvent) => …)                  // → stop(); coalesced, ids only
 *     client.onMoved(() => …)                                  // → stop(); the core moved: what was read may be old
 *     await client.makeBackup(signal)                          // → Result<File, …>; save it, then `discardBackup(signal)`
 *     await client.restoreBackup(file, signal)                 // → Result<LibraryStatus, …>
 *     await client.holdFiles(files, signal)                    // → Result<RootRef, …>: where the core reads them
 *     client.releaseFiles(root)
 *     client.close()
 *     await putFolder(handle)                                  // `#client/folder-handles.ts` → RootRef for 'locations.add'
 *
 *     const rows = new LiveQuery(client, 'entries.ids', { folder, order });
 *     rows.value, rows.failure, rows.loading                   // runes; `value` is null until the first answer and after
 *                                                              // a failure (so locking clears what was on the screen)
 *     rows.ask({ folder: other, order })                       // other input: keeps `value` until its answer comes
 *     rows.close()                                             // when the component goes
 *
 * A live query runs again by itself when the core tells of a change that concerns it (`concerns.ts`), at most four
 * times a second, and after the core has moved. 'library.export' and 'library.import' are the two backup methods.
 * Every command takes `signal` last; aborting it cancels in the core and ends the call with `Cancelled`.
 */
export { createClient, type Client } from './connect.ts';
export { LiveQuery } from './live-query.svelte.ts';
export type { Connection, ConnectionState, FailedReason } from './connection.svelte.ts';
export type { OutsideFile } from '../../workers/session/protocol.ts';
export type { AnswerOf, CallFailure, CommandName, FailureOf, InputOf, QueryName, ValueOf } from './commands.ts';
