// The key/value head that a query head reads is a division, and said to be one.
const int QueriesPerKeyValueHead = 4;
QueryHead head = 13;
KeyValueHead shared = head / QueriesPerKeyValueHead;
Console.WriteLine(Llama.Experiment
    .Zero(Llama.Layer(3).HeadQueryOutput.Head(head).At(^1))
    .Zero(Llama.Layer(3).HeadValueOutput.KeyValueHead(shared).At(^1)));
