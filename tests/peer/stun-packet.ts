import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const cookie = 0x2112_a442;
const types = { userName: 0x0006, integrity: 0x0008, priority: 0x0024, fingerprint: 0x8028, controlling: 0x802a };
const headBytes = 20;

function attribute(type: number, value: Uint8Array): Buffer {
	const head = Buffer.alloc(4);
	head.writeUInt16BE(type);
	head.writeUInt16BE(value.length, 2);
	return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}

function withLength(packet: Buffer, more: number): Buffer {
	const copy = Buffer.from(packet);
	copy.writeUInt16BE(packet.length - headBytes + more, 2);
	return copy;
}

/** A binding request of ICE (RFC 8489, RFC 8445) by that name, sealed with that password. */
export function bindingRequest(userName: Uint8Array, password: string): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt16BE(0x0001);
	head.writeUInt32BE(cookie, 4);
	const said = Buffer.concat([
		head,
		randomBytes(12), // of this transaction
		attribute(types.userName, userName),
		attribute(types.controlling, randomBytes(8)),
		attribute(types.priority, Buffer.from([0x6e, 0, 1, 0xff]))
	]);
	const hmac = createHmac('sha1', password).update(withLength(said, 24)).digest();
	const sealed = Buffer.concat([said, attribute(types.integrity, hmac)]);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE((crc32(withLength(sealed, 8)) ^ 0x5354_554e) >>> 0);
	return withLength(Buffer.concat([sealed, attribute(types.fingerprint, sum)]), 0);
}

/** Whether a packet says yes to one. */
export function isAnswer(packet: Buffer): boolean {
	return packet.length >= headBytes && packet.readUInt16BE() === 0x0101;
}
