/**
 * Official vectors of BLAKE3 (hash mode, the first 32 bytes): lengths of an input that repeats the bytes 0 to 250, and
 * its hash. From the reference project's `test_vectors.json`.
 */
export const blake3Vectors: readonly (readonly [length: number, hash: string])[] = [
	[0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
	[1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
	[1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
	[1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
	[1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
	[2048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
	[3073, '7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3'],
	[7169, 'a003fc7a51754a9b3c7fae0367ab3d782dccf28855a03d435f8cfe74605e7817'],
	[8193, 'bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b'],
	[16384, 'f875d6646de28985646f34ee13be9a576fd515f76b5b0a26bb324735041ddde4'],
	[31744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
	[102400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085']
];

/** The input of the vectors: the bytes 0 to 250, again and again, from `offset` on. */
export function patternBytes(length: number, offset = 0): Uint8Array<ArrayBuffer> {
	return Uint8Array.from({ length }, (_, at) => (offset + at) % 251);
}

export function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
