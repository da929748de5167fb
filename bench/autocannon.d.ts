/** What is used here of autocannon, which brings no types. */
declare module 'autocannon' {
  const autocannon: (options: import('./work/load.ts').LoadOptions) => import('./work/load.ts').LoadRun
  export = autocannon
}
