// The clock of the server: three 64-bit numbers in a file that both map. The test build reads it by itself; to the server as it is
// shipped ../clock.c shows it as the machine's own.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export class Clock {
	constructor(startMs = Date.UTC(2027, 2, 1, 1, 0, 0)) {
		this.folder = mkdtempSync(path.join(tmpdir(), 'curbcut-clock-'));
		this.file = path.join(this.folder, 'clock');
		this.fd = openSync(this.file, 'w+');
		this.wall = startMs;
		this.boot = 1000000;
		this.number = 1;
		this.write();
	}

	write() {
		const bytes = Buffer.alloc(24);
		bytes.writeBigInt64LE(BigInt(this.wall), 0);
		bytes.writeBigInt64LE(BigInt(this.boot), 8);
		bytes.writeBigInt64LE(BigInt(this.number), 16);
		writeSync(this.fd, bytes, 0, 24, 0);
	}

	// Time that passes, in seconds.
	pass(seconds) {
		this.wall += Math.round(seconds * 1000);
		this.boot += Math.round(seconds * 1000);
		this.write();
	}

	// Somebody sets the wall clock: no time passes.
	step(seconds) {
		this.wall += Math.round(seconds * 1000);
		this.write();
	}

	// The machine is started again: its clock since the start is another one.
	reboot() {
		this.boot = 1000;
		this.number++;
		this.write();
	}

	// What is shown now, as a thing that stays as it is.
	get shown() { return { wall: this.wall, boot: this.boot, number: this.number }; }

	close() {
		closeSync(this.fd);
		rmSync(this.folder, { recursive: true, force: true });
	}
}
