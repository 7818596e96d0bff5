/** Hands bytes to the browser's own "save as", and lets go of them. */
export function download(name: string, bytes: Uint8Array | string | Blob, type = 'application/octet-stream'): void {
  const address = URL.createObjectURL(bytes instanceof Blob ? bytes : new Blob([typeof bytes === 'string' ? bytes : bytes.slice()], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
