using System.Reflection;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Finds the field of a module that a path names, and says why TorchSharp did not register it.</summary>
internal static class UnregisteredField
{
    /// <summary>Returns what is wrong with the field, beginning with a space; null when the path names none.</summary>
    /// <param name="modules">The modules that are registered, by path; the model itself has the path "".</param>
    /// <param name="path">The path that leads to no module, in TorchSharp's form.</param>
    public static string? Problem(IReadOnlyDictionary<string, nn.Module> modules, string path)
    {
        var names = path.Split('.');
        var known = Enumerable.Range(0, names.Length).Last(count => modules.ContainsKey(string.Join('.', names[..count])));
        var owner = modules[string.Join('.', names[..known])];
        if (FieldOf(owner, names[known]) is not { } field) return null;

        var named = $" The field '{field.Name}' of {owner.GetType().Name}";
        return field.GetValue(owner) switch
        {
            null => $"{named} is null; set it before RegisterComponents() is called in the constructor.",
            nn.Module => $"{named} was not registered: it was set behind RegisterComponents(), which must be the last statement of the constructor.",
            _ => null,
        };
    }

    private static FieldInfo? FieldOf(nn.Module owner, string name)
    {
        for (var type = owner.GetType(); type is not null && type != typeof(nn.Module); type = type.BaseType)
        {
            var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            if (fields.FirstOrDefault(field => typeof(nn.Module).IsAssignableFrom(field.FieldType)
                && (field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name) == name) is { } found) return found;
        }

        return null;
    }
}
