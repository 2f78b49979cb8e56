/**
 * crypto: from a password to the keys of a library, and boxes that only their key opens.
 *
 * Guarantees: the library key is never stored but sealed; every derived key has a purpose in its derivation;
 * a box opened with another key, another purpose or one changed bit gives null. Primitives are @noble's.
 */
export { databaseRawKey, headerKey, keyBytes, saltBytes } from './library-keys.ts';
export { openBox, sealBox } from './sealed-box.ts';
export { passwordBytes, pbkdf2RoundsDefault, pbkdf2RoundsMax, pbkdf2RoundsMin } from './password.ts';
export { parseRecoveryCode, printRecoveryCode, recoveryEntropyBytes, recoveryKey } from './recovery-code.ts';
export { authenticate, isAuthentic } from './authenticate.ts';
export { channelPlainBytesMax, noiseMessageBytesMax, type Channel, type ChannelFailure } from './channel.ts';
export { createHandshake, keyPair } from './handshake.ts';
export type { Handshake, HandshakeFailure, HandshakeSetting, KeyPair } from './handshake.ts';
export { atollSuite, type NoiseSuite } from './noise-suite.ts';
export { packParts, unpackParts } from './parts.ts';
