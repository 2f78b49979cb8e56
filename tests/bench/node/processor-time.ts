import { timed, type Times } from '../measure.ts';

/** The time of `work` by the clock under `name`, and by this process's processors under `name-cpu`. */
export async function timedWithCpu(name: string, work: () => unknown): Promise<Times> {
	const before = process.cpuUsage();
	const wall = await timed(work);
	const used = process.cpuUsage(before);
	return { [name]: wall, [`${name}-cpu`]: (used.user + used.system) / 1_000 };
}
