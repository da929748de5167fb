declare module '*.css'
declare module '@fontsource-variable/inter/*'

declare module 'virtual:endpoints' {
  /** Made of the table of endpoints when the dashboard is built. */
  export const endpoints: typeof import('../../src/api/api.ts').api
}
