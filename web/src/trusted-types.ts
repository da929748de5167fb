import { WORKER } from './sending/told.ts'

interface Policies {
  createPolicy(name: 'default', rules: { createHTML(text: string): string; createScriptURL(address: string): string }): unknown
}

declare global {
  // Browsers that do not know it have nothing to ask.
  var trustedTypes: Policies | undefined
}

/**
 * The server's policy refuses text as markup, and addresses as scripts. ECharts empties its box by assigning none, and the worker that sends
 * files has an address: these, and nothing else, pass.
 */
export function refuseTexts(): void {
  globalThis.trustedTypes?.createPolicy('default', {
    createHTML: (text) => only('', text),
    createScriptURL: (address) => only(WORKER, address),
  })
}

function only(allowed: string, text: string): string {
  if (text !== allowed) throw new TypeError('Text is not made into markup or scripts here')
  return text
}
