/** System call numbers of this machine's architecture. Source: the kernel's own headers (asm/unistd_64.h, asm-generic/unistd.h). */
import table from './syscalls.json' with { type: 'json' };

const architectures = { x64: { numbers: table.x86_64 as Record<string, number>, audit: 0xc000003e }, arm64: { numbers: table.aarch64 as Record<string, number>, audit: 0xc00000b7 } };
const here = architectures[process.arch as keyof typeof architectures] as (typeof architectures)['x64'] | undefined;

/** AUDIT_ARCH value that seccomp compares. */
export const auditArchitecture = here?.audit;
/** Number of a call, or undefined where this architecture does not have it. */
export const syscallNumber = (name: string): number | undefined => here?.numbers[name];
