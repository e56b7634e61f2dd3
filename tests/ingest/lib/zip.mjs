// Zips as no program would write them: each entry may lie about itself.
import * as zlib from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1;
	return n >>> 0;
});
const crc32 = zlib.crc32 ?? ((bytes) => {
	let sum = 0xffffffff;
	for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ sum >>> 8;
	return (sum ^ 0xffffffff) >>> 0;
});

// entries: {name, bytes, deflate, flags, mode, crc, size}
export function zip(entries) {
	const parts = [], directory = [];
	let at = 0;
	for (const { name, bytes = Buffer.alloc(0), deflate = false, flags = 0x800, mode = 0o100644, crc = crc32(bytes), size = bytes.length } of entries) {
		const path = Buffer.from(name), packed = deflate ? zlib.deflateRawSync(bytes) : bytes;
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(flags, 2);
		common.writeUInt16LE(deflate ? 8 : 0, 4);
		common.writeUInt16LE(0x21, 8);
		common.writeUInt32LE(crc, 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(size, 18);
		common.writeUInt16LE(path.length, 22);
		const central = Buffer.alloc(14);
		central.writeUInt32LE(mode * 65536, 6);
		central.writeUInt32LE(at, 10);
		directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 3]), common, central, path);
		parts.push(Buffer.from([0x50, 0x4b, 3, 4]), common, path, packed);
		at += 30 + path.length + packed.length;
	}
	const list = Buffer.concat(directory), end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(entries.length & 0xffff, 8);
	end.writeUInt16LE(entries.length & 0xffff, 10);
	end.writeUInt32LE(list.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, list, end]);
}
