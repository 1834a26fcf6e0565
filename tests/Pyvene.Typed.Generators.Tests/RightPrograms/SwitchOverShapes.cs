// Places of several shapes in one list, told apart by a pattern.
Site<Gpt2>[] places = [Gpt2.Layer(5).MlpOutput, Gpt2.Layer(5).AttentionWeight, Gpt2.Layer(5).HeadQueryOutput];
foreach (var place in places)
{
    Console.WriteLine(place switch
    {
        AttentionComponent<Gpt2> pattern => Gpt2.Experiment.Zero(pattern.Head(1)),
        HeadComponent<Gpt2> heads => Gpt2.Experiment.Zero(heads.Head(1).At(^1)),
        PositionComponent<Gpt2> stream => Gpt2.Experiment.Zero(stream.At(^1)),
        var other => Gpt2.Experiment.Zero(other),
    });
}
