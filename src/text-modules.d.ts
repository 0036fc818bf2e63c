/** The build puts the text of a YAML file in its importer's place. */
declare module '*.yaml' {
  const text: string;
  export default text;
}
