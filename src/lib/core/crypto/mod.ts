/**
 * crypto: from a password to the keys of a library, boxes that only their key opens, and how two devices come to a
 * channel that only they can read: keys of a device, Noise handshakes, CPace, words.
 *
 * Guarantees: the library key is never stored but sealed; every derived key has a purpose in its derivation;
 * a box opened with another key, another purpose or one changed bit gives null. A handshake or a channel that met one
 * message that is not the next one of the other side is over; nothing throws for what a peer sends. All of it is pure:
 * bytes in, bytes out, chance handed in. Primitives are @noble's.
 */
export { databaseRawKey, headerKey, keyBytes, saltBytes } from './library-keys.ts';
export { openBox, sealBox } from './sealed-box.ts';
export { passwordBytes, pbkdf2RoundsDefault, pbkdf2RoundsMax, pbkdf2RoundsMin } from './password.ts';
export { parseRecoveryCode, printRecoveryCode, recoveryEntropyBytes, recoveryKey } from './recovery-code.ts';
export { authenticate, isAuthentic, isSameBytes } from './authenticate.ts';
export { channelPlainBytesMax, noiseMessageBytesMax, type Channel, type ChannelFailure } from './channel.ts';
export { createHandshake, keyPair } from './handshake.ts';
export type { Handshake, HandshakeFailure, HandshakeSetting, KeyPair } from './handshake.ts';
export { atollSuite, type NoiseSuite } from './noise-suite.ts';
export { bytesToWords, drawWords, secretBytes, secretWordCount, splitWords } from './code-words.ts';
export { suggestWords, unknownWords, wordsToBytes, type UnknownWord, type WordsFailure } from './code-words.ts';
export { cpaceKeys, cpaceShare } from './cpace.ts';
export type { CPaceAgreed, CPaceKeys, CPaceMessage, CPaceMessages } from './cpace.ts';
export { deviceIdOfKey, deviceKeys, deviceSeedBytes, type DeviceKeys } from './device-keys.ts';
export { isSigned, signatureBytes, signStatement } from './statement.ts';
export { packParts, unpackParts } from './parts.ts';
