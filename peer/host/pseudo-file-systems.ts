import { statfsSync } from 'node:fs';

/** File systems that hold no one's files: the kernel makes them up while they are read (Linux, `statfs(2)`). */
const pseudoTypes: ReadonlySet<number> = new Set([
	0x9fa0, // proc
	0x62656572, // sysfs
	0x1cd1, // devpts
	0x27e0eb, // cgroup
	0x63677270, // cgroup2
	0x64626720, // debugfs
	0x74726163, // tracefs
	0x73636673, // securityfs
	0x62656570, // configfs
	0xcafe4a11, // bpf
	0x6165676c, // pstore
	0xde5e81e4, // efivarfs
	0xf97cff8c, // selinux
	0x43415d53, // smack
	0x19800202, // mqueue
	0x958458f6, // hugetlbfs
	0x65735543, // fusectl
	0x42494e4d, // binfmt_misc
	0x6e736673, // nsfs
	0x67596969 // rpc_pipefs
]);

/** Whether the directory at `path` is on a file system that the kernel makes up. */
export function isPseudoFileSystem(path: string | Buffer): boolean {
	return process.platform === 'linux' && pseudoTypes.has(statfsSync(path).type);
}

/** Devices with real files on them, and when that was seen: their numbers come back with other file systems. */
const realDevices = new Map<number, number>();
const believedMs = 1_000;

/** As `isPseudoFileSystem`, for a directory that is known to be on `device`: asked once a second for each device. */
export function isOnPseudoDevice(path: string | Buffer, device: number): boolean {
	const nowMs = performance.now();
	if (nowMs - (realDevices.get(device) ?? -Infinity) < believedMs) return false;
	const isPseudo = isPseudoFileSystem(path);
	if (!isPseudo) realDevices.set(device, nowMs);
	return isPseudo;
}
