declare module 'virtual:operations' {
  /** Method and path of every operation of the contract, by its id. */
  const paths: Record<string, [method: 'GET' | 'POST' | 'DELETE', path: string]>;
  export default paths;
}
declare module '*.css';
