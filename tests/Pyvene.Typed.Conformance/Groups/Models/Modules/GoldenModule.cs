using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Is the module that a folder's <c>module.json</c> describes, run as a module of the user's own.</summary>
internal sealed class GoldenModule : IGoldenModel, IDisposable
{
    private const string File = "module.json";

    /// <summary>Builds it and reads its weights, in evaluation mode.</summary>
    /// <param name="folder">The folder, with <c>model.safetensors</c> beside the description.</param>
    /// <exception cref="UnsupportedCaseException">A class or an argument in it is not supported.</exception>
    public GoldenModule(string folder)
    {
        using var scope = NewDisposeScope();
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(folder, File)));
        Module = ModuleBuilder.Build(new ModuleNode(document.RootElement));
        Load(Path.Combine(folder, "model.safetensors"));
        Module.eval();
        foreach (var (_, parameter) in Module.named_parameters()) parameter.DetachFromDisposeScope(); // They outlive the case that reads them first.
        foreach (var (_, buffer) in Module.named_buffers()) buffer.DetachFromDisposeScope();
        if (GoldenDevice.Current.type != DeviceType.CPU) Module.to(GoldenDevice.Current);
    }

    /// <inheritdoc/>
    public nn.Module Module { get; }

    /// <summary>Whether a case's class is what a folder's description says.</summary>
    public static bool IsMeantBy(GoldenCase golden) => golden.Text("class") == File;

    /// <inheritdoc/>
    public ModelInputs Inputs(GoldenCase golden)
    {
        var given = golden.Required("inputs");
        if (golden.Field("positional") is { } order)
            return new ModelInputs { Arguments = [.. order.EnumerateArray().Select(name => golden.Tensor(given.GetProperty(name.GetString()!)))] };
        var byName = given.EnumerateObject().ToDictionary(argument => argument.Name, argument => golden.Tensor(argument.Value));
        return new ModelInputs
        {
            Arguments = Module is INamedArguments named ? named.InOrder(byName) : byName.Count == 1 ? [.. byName.Values]
                : throw new UnsupportedCaseException($"a {Module.GetName()} has no names for its arguments"),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> RealArguments(GoldenCase golden, ModelInputs inputs)
    {
        var names = golden.Field("positional") is { } order ? order.EnumerateArray().Select(name => name.GetString()!)
            : (Module as INamedArguments)?.ArgumentNames ?? golden.Required("inputs").EnumerateObject().Select(argument => argument.Name);
        return names.Zip(inputs.Arguments!).Where(pair => pair.Second.is_floating_point()).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Calls the module as a plan without interventions does.</summary>
    public ModelOutput Call(ModelInputs inputs)
    {
        using var plan = InterventionPlan.Bind(Module, new InterventionConfig());
        using var run = plan.Run(inputs, [], new RunOptions { Effects = EffectCheck.Report, Gradients = is_grad_enabled() });
        return run.ToModelOutput();
    }

    /// <summary>Gives the tensors of the result, in their order, the names that the case records.</summary>
    public ModelOutput Named(GoldenCase golden, ModelOutput output)
    {
        var names = golden.Field("output_names") is { } recorded
            ? recorded.EnumerateArray().Select(name => name.GetString()!)
            : golden.Required("out").EnumerateObject().Select(value => value.Name);
        return new ModelOutput { Values = output.Values, Named = names.Zip(output.Values!).ToDictionary(pair => pair.First, pair => pair.Second) };
    }

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();

    private void Load(string path)
    {
        using var untracked = no_grad();
        using var file = SafetensorsFile.Open(path);
        var places = Module.named_parameters().Select(item => (item.name, Tensor: (Tensor)item.parameter))
            .Concat(Module.named_buffers().Select(item => (item.name, Tensor: item.buffer))).ToDictionary(item => item.name, item => item.Tensor);
        var unknown = file.Names.Except(places.Keys).Concat(places.Keys.Except(file.Names)).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0) throw new InvalidDataException($"the weights and the module differ in {string.Join(", ", unknown)}");
        foreach (var (name, place) in places)
        {
            using var value = file.Read(name);
            place.copy_(value);
        }
    }
}
