/**
 * direct: how two devices that are linked already come to a link of their own, with nobody between.
 *
 * Guarantees: where each can be reached, and which certificate it shows there, goes over the link that both have proved
 * themselves on, so nobody on the way sees or changes it; whoever answers at that place shows that certificate, and proves
 * by the key of the device that it is the one whose certificate it is, or there is no link. What the other side says costs
 * bounded memory and time, and is checked before a host hands it on. A try that fails leaves the link there was as it is.
 */
export { readDescription } from './description.ts';
export type { DirectCarrier, DirectPort, DirectServer, DirectSide, SignalTalk } from './direct-port.ts';
export { goDirect, type DirectFailure, type DirectMeans } from './go-direct.ts';
export { readSignal, type Signal } from './messages.ts';
export type { FromMaker, Pipe, ToMaker } from './pipe.ts';
export { createPipedPort } from './piped-port.ts';
export { parseDirectServer } from './server.ts';
export { signalStreamKind } from './signal-talk.ts';
