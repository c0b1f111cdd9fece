/** Headers of an answer, names in small letters; a header that came several times is joined by ", ". */
export type Headers = Readonly<Record<string, string | undefined>>;
