/** What one page leaves for the next to say: a sentence, one that says what did not work, or one about something named. */
export type FlashWords = string | { refusal: string } | ((value: string) => string)
