/** The key that a receipt can be had with, for as long as this window is open. */
export function keepReceiptKey(erasureId: string, key: string): void {
  sessionStorage.setItem(`clarity.receipt.${erasureId}`, key)
}

export function findReceiptKey(erasureId: string): string | undefined {
  return sessionStorage.getItem(`clarity.receipt.${erasureId}`) ?? undefined
}
