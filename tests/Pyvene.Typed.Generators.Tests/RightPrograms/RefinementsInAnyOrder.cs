// Heads, positions, features and steps are chosen in whatever order they come to mind.
var values = Gpt2.Layer(5).HeadValueOutput;
Site<Gpt2>[] same =
[
    values.Head(3).At(^1).Features(0..8).During(Steps.Each),
    values.At(^1).Head(3).During(Steps.Each).Features(0..8),
    values.Features(0..8).During(Steps.Each).Head(3).At(^1),
];
Console.WriteLine(same.Select(place => Gpt2.Experiment.Zero(place).ToConfig()).Distinct().Count());
