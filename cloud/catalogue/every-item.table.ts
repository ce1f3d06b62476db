/** Items of important data, by id; a test holds them against the rows of the law. The last two were published and not read. */
// biome-ignore format: one scenario a line
export const EVERY_ITEM = [
  'important-01', 'important-02', 'important-03', 'important-04', 'important-05', 'important-06', 'important-07', 'important-08', 'important-09', 'important-10', 'important-11', 'important-12',
  'important-13', 'important-14', 'important-15',
  'important-16', 'important-17', 'important-18', 'important-19', 'important-20', 'important-21', 'important-22', 'important-23', 'important-24',
  'important-25',
  'important-26', 'important-27', 'important-28', 'important-29', 'important-30', 'important-31',
  'important-32', 'important-33', 'important-34', 'important-35', 'important-36', 'important-37', 'important-38', 'important-39', 'important-40',
  'important-41', 'important-42', 'important-43', 'important-44',
  'important-45', 'important-46', 'important-47', 'important-48', 'important-49',
  'important-unread-1', 'important-unread-2',
] as const;
