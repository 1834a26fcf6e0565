using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>Builds a class of the data's own, whose forward is said in words.</summary>
internal static class OwnModule
{
    /// <summary>Builds it; it takes and returns as many tensors as the words name.</summary>
    /// <exception cref="UnsupportedCaseException">The words are not understood.</exception>
    public static nn.Module Build(ModuleNode node)
    {
        var children = ModuleBuilder.Built(node).ToList();
        var (parameters, buffers) = (node.Shapes("parameters"), node.Shapes("buffers"));
        var modules = new Dictionary<string, nn.Module>(); // A list or a row of named modules has its parts only when it is registered itself.
        var words = ForwardWords.Parse(
            node.Items("forward").Select(line => line.GetString()!),
            [.. parameters.Keys, .. buffers.Keys],
            PathsIn(node).ToDictionary(path => path, path => (Func<Tensor, Tensor>)(input => Call(node, modules, path, input))));
        var type = typeof(OwnModule<,>).MakeGenericType(Row(words.Inputs.Count, node), Row(words.Outputs, node));
        var module = (nn.Module)Activator.CreateInstance(type, node.Type, children, parameters, buffers, words)!;
        foreach (var (path, inner) in module.named_modules()) modules.TryAdd(path, inner);
        return module;
    }

    private static IEnumerable<string> PathsIn(ModuleNode node) =>
        node.Children.SelectMany(child => PathsIn(child.Node).Select(path => $"{child.Name}.{path}").Prepend(child.Name));

    private static Tensor Call(ModuleNode node, Dictionary<string, nn.Module> modules, string path, Tensor input) =>
        modules.GetValueOrDefault(path) is nn.Module<Tensor, Tensor> module
            ? module.call(input)
            : throw new UnsupportedCaseException($"{node.Type}: '{path}' does not map one tensor to one");

    private static Type Row(int count, ModuleNode node) => count switch
    {
        1 => typeof(Tensor),
        2 => typeof((Tensor, Tensor)),
        3 => typeof((Tensor, Tensor, Tensor)),
        4 => typeof((Tensor, Tensor, Tensor, Tensor)),
        _ => throw new UnsupportedCaseException($"{node.Type}: {count} tensors in a row are not supported yet"),
    };
}
