/** Sockets of processes, as the kernel lists them. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface Connection { protocol: 'tcp' | 'udp'; localPort: number; remote: string; remotePort: number; inode: string; listening: boolean }

/** The kernel writes addresses as 32-bit words in its own byte order. */
function addressOf(text: string): string {
  const words = text.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex').reverse()]);
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) return bytes.slice(12).join('.');
  return bytes.reduce<string[]>((groups, byte, i) => { if (i % 2 === 0) groups.push(((byte << 8) | (bytes[i + 1] ?? 0)).toString(16)); return groups; }, []).join(':');
}

/** The table of the network namespace that a process lives in. */
export function connectionsSeenBy(pid: number): Connection[] {
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap((table) => {
    let text: string;
    try { text = readFileSync(`/proc/${pid}/net/${table}`, 'utf8'); } catch { return []; }
    return text.split('\n').slice(1).flatMap((line): Connection[] => {
      const fields = line.trim().split(/\s+/);
      const [local = '', remote = '', state = ''] = fields.slice(1);
      const [address = '', port = ''] = remote.split(':');
      if (address === '') return [];
      return [{ protocol: table.startsWith('tcp') ? 'tcp' : 'udp', localPort: parseInt(local.split(':')[1] ?? '', 16), remote: addressOf(address), remotePort: parseInt(port, 16), inode: fields[9] ?? '', listening: state === '0A' }];
    });
  });
}

/** Inodes of the sockets that a process holds. @throws the system's error where the kernel does not tell */
export function socketsOf(pid: number): Set<string> {
  return new Set(readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try { return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? []; } catch { return []; }
  }));
}
export const networkOf = (pid: number): string => readlinkSync(`/proc/${pid}/ns/net`);

export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '0:0:0:0:0:0:0:1';
export const isNone = (address: string): boolean => address === '0.0.0.0' || address === '0:0:0:0:0:0:0:0';
