// A function, a lambda with a source, and a type that configurations keep.
using var model = Gpt2.Load("gpt2");
var half = Gpt2.Experiment.Apply(Gpt2.Layer(3).MlpOutput, Half);
var mix = Gpt2.Experiment.Apply(Gpt2.Layer(3).MlpOutput.At(^1), (values, source) => 0.9 * values + 0.1 * source);
var clip = Gpt2.Experiment.Apply(Gpt2.Layer(3).MlpOutput.At(^1), new Clip(3));
Console.WriteLine($"{half}\n{mix}\n{clip}");

static Tensor Half(Tensor values) => values * 0.5;

internal sealed record Clip(double Limit) : Pyvene.Typed.Interventions.SourcelessIntervention
{
    public override string Type => "clip";
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base.clamp(-Limit, Limit);
}
