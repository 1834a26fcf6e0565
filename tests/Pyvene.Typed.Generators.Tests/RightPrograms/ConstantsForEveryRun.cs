// One experiment, another vector each time.
using var model = Gpt2.Load("gpt2");
var steer = Gpt2.Experiment
    .Add(Gpt2.Layer(6).BlockOutput.At(^1), new float[768], out var first)
    .Add(Gpt2.Layer(7).BlockOutput.At(^1), new float[768], out var second);
foreach (var strength in (double[])[1, 2, 4])
{
    using var vector = randn(768) * strength;
    using var run = model.Run(steer.With(first, vector).With(second, -vector), "I think that");
    Console.WriteLine(run.TopTokens());
}

Console.WriteLine(steer.With(new Dictionary<Constant<Gpt2>, ConstantSource> { [first] = new float[768], [second] = ones(768) }));
