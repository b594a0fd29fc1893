declare const deflated: string;
export default deflated;
