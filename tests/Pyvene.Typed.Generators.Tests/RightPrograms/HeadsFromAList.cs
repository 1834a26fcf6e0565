// Heads that were found elsewhere, as numbers, as a range and as heads.
int[] found = [3, 7, 9];
var layer = Gpt2.Layer(5);
Console.WriteLine(Gpt2.Experiment
    .Zero(layer.HeadQueryOutput.Heads(found))
    .Zero(layer.HeadKeyOutput.Heads(0..4))
    .Zero(layer.HeadValueOutput.Heads(3, 7))
    .Zero(layer.HeadAttentionValueOutput.Heads([.. found.Where(head => head > 3)]).ReadHeads([1, 2])));
